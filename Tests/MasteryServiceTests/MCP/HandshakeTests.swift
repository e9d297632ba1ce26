import HTTPServer
import Testing

@testable import MasteryService

@Suite("MCP with a handshake")
struct HandshakeTests {
  @Test("What a sidecar sends as the client, as recorded, is answered as it expects")
  func recorded() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    // Recorded from daprd 1.18.3 (mcpserver-start, mcpserver-call), with a student of the test in place of theirs.
    let own = [HTTPField("User-Agent", "Go-http-client/1.1"), HTTPField("Accept", "application/json, text/event-stream")]
    let later = own + [HTTPField("Mcp-Protocol-Version", "2025-11-25")]
    let begun = try await client.post(
      #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"dapr","version":"v1alpha1"},"#
        + #""protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true}}}}"#, own)
    #expect(begun.status == 200 && begun.body["id"] as? Int == 1)
    #expect(begun.result["protocolVersion"] as? String == "2025-11-25")
    #expect((begun.result["serverInfo"] as? [String: String])?["name"] == "mastery-engine")
    #expect(Set((begun.result["capabilities"] as? [String: Any] ?? [:]).keys) == ["tools", "resources", "prompts"])
    #expect(begun.response.header("Mcp-Session-Id") == nil)
    let told = try await client.post(#"{"jsonrpc":"2.0","method":"notifications/initialized","params":{}}"#, later)
    #expect(told.status == 202 && told.response.body.isEmpty && told.response.header("Content-Type") == nil)
    let list = try await client.post(#"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"#, later)
    #expect((list.result["tools"] as? [[String: Any]])?.first?["name"] as? String == "mastery_query")
    let called = try await client.post(
      #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"mastery_query","arguments":{"student_id":"s-1"}}}"#, later)
    #expect(called.structured["current_mastery"] != nil && called.isError == false)
    let bare = try await client.post(
      #"{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"mastery_query","arguments":null}}"#, later)
    #expect(bare.isError == true && bare.text.hasPrefix("VALIDATION_ERROR: student_id is required"))
    let ping = try await client.post(#"{"jsonrpc":"2.0","id":9,"method":"ping"}"#, later)
    #expect(ping.status == 200 && ping.result.isEmpty && ping.body["result"] != nil)
    #expect(await client.stand.ask("DELETE", "/mcp", "", later).status == 405)
    #expect(await client.stand.ask("GET", "/mcp", "", later).header("Allow") == "POST")
  }

  @Test(
    "The answer to initialize names the requested revision if it is spoken here, else the latest with a handshake",
    arguments: [
      ("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"), ("2025-03-26", "2025-03-26"), ("2024-11-05", "2024-11-05"),
      ("2026-07-28", "2025-11-25"), ("1999-01-01", "2025-11-25"), ("", "2025-11-25"),
    ])
  func revisions(requested: String, agreed: String) async throws {
    let client = try Stand.production().client("t-1", "teacher")
    let reply = try await client.ask("initialize", #""protocolVersion":"\#(requested)","capabilities":{}"#)
    #expect(reply.result["protocolVersion"] as? String == agreed)
    #expect(reply.result["resultType"] == nil && reply.result["_meta"] == nil)
  }

  @Test("An error is an answer like any other: HTTP 200 with the id")
  func errors() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    for (method, params, code) in [
      ("tools/call", #""name":"nothing""#, -32602), ("tools/call", "", -32602), ("logging/setLevel", "", -32601),
      ("resources/subscribe", #""uri":"mastery://contract""#, -32601), ("resources/read", #""uri":"mastery://nothing""#, -32002),
      ("resources/read", #""uri":"mastery://students/nobody""#, -32002), ("prompts/get", #""name":"nothing""#, -32602),
      ("tools/list", #""cursor":"77""#, -32602), ("resources/list", #""cursor":"0""#, -32602),
    ] {
      let reply = try await client.ask(method, params)
      #expect(reply.status == 200 && reply.code == code && reply.body["id"] as? Int == 7, "\(method) \(params): \(reply.response.text)")
    }
  }

  @Test("A list of messages is answered by a list, without those that get no answer")
  func lists() async throws {
    let client = try Stand.production().client("t-1", "teacher")
    let reply = try await client.post(
      #"[{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":2,"method":"no"},7]"#
    )
    #expect(
      reply.response.text.hasPrefix(#"[{"jsonrpc":"2.0","id":"a","result":{}},{"jsonrpc":"2.0","id":2,"error":{"code":-32601"#))
    #expect(reply.response.text.contains(#"},{"jsonrpc":"2.0","error":{"code":-32600"#))
    #expect(try await client.post(#"[{"jsonrpc":"2.0","method":"notifications/x"}]"#).status == 202)
    for body in ["[]", "[" + Array(repeating: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, count: 33).joined(separator: ",") + "]"] {
      let refused = try await client.post(body)
      #expect(refused.status == 400 && refused.code == -32600)
    }
  }

  @Test(
    "What is no request is refused with its id; where none can be read, by HTTP 400",
    arguments: [
      ("{", -32700, nil), ("", -32700, nil), ("7", -32600, nil), ("{}", -32600, nil),
      (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600, 1),
      (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, nil), (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600, nil),
      (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600, nil), (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600, 1),
      (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, -32600, 1), (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, -32602, 1),
      (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":[]}}"#, -32602, 1),
      (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":5}}"#, -32602, 1),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}"#, -32600, 1),
      (#"{"jsonrpc":"2.0","id":1,"id":1,"method":"ping"}"#, -32600, 1),
      (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"trajectory","name":"student_erasure"}}"#, -32602, 1),
      (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{},"arguments":{}}}"#, -32602, 1),
    ] as [(String, Int, Int?)])
  func malformed(body: String, code: Int, id: Int?) async throws {
    let reply = try await Stand.production().client("t-1", "teacher").post(body)
    #expect(reply.status == (id == nil ? 400 : 200) && reply.code == code && reply.body["id"] as? Int == id)
    #expect((reply.error["message"] as? String)?.isEmpty == false)
  }

  @Test("An id comes back as it was: any text, and any whole number of 64 bits")
  func ids() async throws {
    let client = try Stand.production().client("t-1", "teacher")
    for id in ["0", "-9223372036854775808", "18446744073709551615", #""""#, #""a\u0000\"é""#] {
      let reply = try await client.post(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
      #expect(reply.response.text == #"{"jsonrpc":"2.0","id":\#(id.replacing("é", with: "é")),"result":{}}"#)
    }
  }

  @Test("What comes in a list is not of the era without lists, nor begins anything; and long answers end it")
  func listsHaveLimits() async throws {
    let client = try await Stand.withStudents().client("t-1", "admin")
    let stateless = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(MCPClient.meta)}}"#
    let initialize = #"{"jsonrpc":"2.0","id":2,"method":"initialize","params":{}}"#
    let refused = try await client.post("[\(stateless),\(initialize)]")
    #expect(refused.response.text.ranges(of: "must come by itself, not in a list").count == 2 && refused.status == 200)
    let long = #"{"jsonrpc":"2.0","id":3,"method":"resources/read","params":{"uri":"mastery://openapi"}}"#
    let whole = try await client.post("[" + Array(repeating: long, count: 32).joined(separator: ",") + "]")
    #expect(whole.response.body.count < 2 << 20 && whole.response.text.contains("the answers to this list are too long"))
  }
}
