import HTTPServer
import Testing

@testable import MasteryService

@Suite("Who may use MCP")
struct MCPAccessTests {
  private static let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#

  @Test("Without a token nothing is told, and the sidecar's token is none: the refusal is an error of JSON-RPC without an id")
  func tokens() async throws {
    let stand = Stand.production { $0.appToken = "the sidecar's" }
    for fields in [[], [HTTPField("dapr-api-token", "the sidecar's")], [HTTPField("Authorization", "Bearer the sidecar's")]] {
      for body in [Self.list, #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#, "{"] {
        let reply = try await MCPClient(stand: stand).post(body, fields)
        #expect(reply.status == 401 && reply.code == 401 && reply.body["id"] == nil && reply.body["jsonrpc"] as? String == "2.0")
        #expect(reply.response.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
      }
    }
  }

  @Test("A page of an origin that is not allowed is refused before anything else; an allowed one is answered, as is what is no page")
  func origins() async throws {
    let stand = Stand.production { $0.allowedOrigins = ["https://school.example"] }
    let client = try stand.client("t-1", "teacher")
    for origin in ["https://evil.example", "null", "https://school.example.evil.example", "http://school.example", ""] {
      let reply = try await client.post(Self.list, [HTTPField("Origin", origin)])
      #expect(reply.status == 403 && reply.code == 403, "\(origin)")
    }
    let twice = [HTTPField("Origin", "https://school.example"), HTTPField("Origin", "https://evil.example")]
    #expect(try await client.post(Self.list, twice).status == 403)
    let allowed = try await client.post(Self.list, [HTTPField("Origin", "https://school.example")])
    #expect(allowed.status == 200 && allowed.response.header("Access-Control-Allow-Origin") == "https://school.example")
    let preflight = await stand.ask(
      "OPTIONS", "/mcp", "", [HTTPField("Origin", "https://school.example"), HTTPField("Access-Control-Request-Method", "POST")])
    #expect(preflight.status == 204 && preflight.header("Access-Control-Allow-Headers")?.contains("Mcp-Method") == true)
    #expect(try await client.post(Self.list).status == 200)
  }

  @Test("Who takes no JSON is told so, and what is sent must be JSON")
  func mediaTypes() async throws {
    let client = try Stand.production().client("t-1", "teacher")
    for accept in ["application/json", "application/json;q=0.5, text/event-stream", "*/*", "Application/*"] {
      #expect(try await client.post(Self.list, [HTTPField("Accept", accept)]).status == 200, "\(accept)")
    }
    #expect(try await client.post(Self.list, [HTTPField("Accept", "text/event-stream")]).status == 406)
    let text = try await client.post(Self.list, [HTTPField("Content-Type", "text/plain")])
    #expect(text.status == 415 && text.code == 415)
  }

  @Test("A role sees the tools that it may use; one that it may not use is refused and on record as over plain HTTP")
  func roles() async throws {
    let stand = await Stand.withStudents()
    func names(_ role: String) async throws -> [String] {
      let reply = try await stand.client("s-1", role).ask("tools/list")
      return (reply.result["tools"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    }
    let all = IntentTable.standard
    #expect(try await names("admin") == all.names)
    #expect(try await names("teacher") == all.declarations.filter { $0.audience.teacher != .nobody }.map(\.name))
    #expect(try await names("student") == all.declarations.filter { $0.audience.student != .nobody }.map(\.name))
    let student = try stand.client("s-1", "student")
    for (tool, arguments) in [("mastery_query", #"{"student_id":"s-2"}"#), ("student_audit", #"{"student_id":"s-2"}"#)] {
      let reply = try await student.call(tool, arguments)
      #expect(reply.isError == true && reply.text.hasPrefix("FORBIDDEN: "))
      let record = stand.lines.all.contains {
        $0.contains("mastery.data.access") && $0.contains(#""action":"\#(tool)""#) && $0.contains(#""outcome":"refused""#)
      }
      #expect(record, "\(tool)")
    }
    #expect(try await student.call("dead_letters").text.hasPrefix("FORBIDDEN: "))
    #expect(try await names("student").contains("dead_letters") == false)
  }

  @Test("Tools count towards the same limits as the paths, and a refusal says when to try again")
  func limits() async throws {
    let client = try await Stand.withStudents().client("s-1", "student")
    let limit = PredictionRequest.declaration.perMinute
    for number in 1...limit {
      if number.isMultiple(of: 2) {
        let answer = await client.stand.ask(
          "POST", "/predictions/next-week", #"{"student_id":"s-1"}"#, [Bearer.header(try #require(client.token))])
        #expect(answer.status == 200)
      } else {
        let reply = try await client.call("get_prediction", #"{"student_id":"s-1"}"#)
        #expect(reply.isError == false && reply.response.header("X-RateLimit-Remaining") == "\(limit - number)")
      }
    }
    let refused = try await client.call("get_prediction", #"{"student_id":"s-1"}"#)
    #expect(refused.status == 200 && refused.isError == true && refused.text.hasPrefix("RATE_LIMITED: "))
    let picture = try await client.ask("resources/read", #""uri":"mastery://students/s-1""#)
    #expect(picture.code == 429)
    // What asks no intent has a limit of its own, in lists too; this was the first.
    let pings = "[" + Array(repeating: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, count: 30).joined(separator: ",") + "]"
    let (first, second) = (try await client.post(pings), try await client.post(pings))
    let answered = (first.response.text + second.response.text).ranges(of: #""result":{}"#).count
    #expect(answered == 59 && second.response.text.contains("only 60 requests of this kind are taken in 60 seconds"))
  }

  @Test("Log and metrics name the intent and its own status, whatever that of the answer is")
  func observed() async throws {
    let client = try await Stand.withStudents().client("s-1", "student")
    _ = try await client.call("mastery_query", #"{"student_id":"s-1"}"#)
    _ = try await client.call("mastery_query", #"{"student_id":"s-2"}"#)
    _ = try await client.ask("tools/list")
    _ = try await client.ask("resources/read", #""uri":"mastery://students/s-2""#)
    _ = try await client.ask("resources/read", #""uri":"mastery://nothing""#)
    let metrics = await client.stand.ask("GET", "/metrics").text
    #expect(metrics.contains(#"mastery_requests_total{intent="mastery_query",status="200"} 1"#))
    #expect(metrics.contains(#"mastery_requests_total{intent="mastery_query",status="403"} 1"#))
    #expect(metrics.contains(#"mastery_requests_total{intent="mcp",status="200"} 1"#))
    #expect(metrics.contains(#"mastery_requests_total{intent="mcp",status="403"} 1"#))
    #expect(metrics.contains(#"mastery_requests_total{intent="mcp",status="400"} 1"#))
    #expect(client.stand.lines.all.contains { $0.contains(#""endpoint":"/mcp""#) && $0.contains(#""student_id":"s-1""#) })
  }
}
