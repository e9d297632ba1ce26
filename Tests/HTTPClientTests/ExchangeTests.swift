import HTTPClient
import HTTPServer
import Testing
import WireTesting

@Suite("Calls that are answered")
struct ExchangeTests {
  /// Returns the request: method, target, the headers `x-…`, and the body as it came.
  private let mirror = ScriptedApplication { request in
    let own = request.head.fields.filter { $0.name.lowercased().hasPrefix("x-") }
    return HTTPResponse(
      status: 207, fields: [HTTPField("Asked", "\(request.head.method) \(request.head.target)")] + own, body: request.body)
  }

  @Test("Method, target, headers and body arrive, and the answer comes back whole", arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
  func roundTrip(method: String) async throws {
    let (server, client) = (try mirror.serve(), try HTTPClient())
    let body: [UInt8]? = method == "GET" || method == "DELETE" ? nil : Array(0...255)
    let answer = try await client.send(
      HTTPCall(
        method, "http://127.0.0.1:\(server.port)/a/../b%20c?x=1",
        headers: [("X-One", "a: b"), ("X-Empty", ""), ("X-Twice", "1"), ("X-Twice", "2")], body: body, deadline: 120_000))
    #expect(answer.status == 207)
    #expect(answer.header("asked") == "\(method) /a/../b%20c?x=1")
    #expect(answer.header("x-one") == "a: b")
    #expect(answer.headers.filter { $0.name == "x-twice" }.map(\.value) == ["1", "2"])
    #expect(answer.body == body ?? [])
    let head = try #require(mirror.heads.first)
    #expect(head.header("x-empty") == "")
    #expect(head.header("expect") == nil)
    #expect(head.header("content-type") == nil)
    #expect(head.header("content-length") == body.map { "\($0.count)" })
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("An empty body and no body differ in their length header", arguments: [[UInt8]?.none, []])
  func emptyBody(body: [UInt8]?) async throws {
    let (server, client) = (try mirror.serve(), try HTTPClient())
    for method in ["POST", "DELETE"] {
      _ = try await client.send(HTTPCall(method, "http://127.0.0.1:\(server.port)/", body: body, deadline: 120_000))
    }
    // A POST always has a body, RFC 9110, 8.6.
    #expect(mirror.heads.map { $0.header("content-length") } == ["0", body == nil ? nil : "0"])
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("A header's value cannot begin another line")
  func lineBreaks() async throws {
    let (server, client) = (try mirror.serve(), try HTTPClient())
    let value = "a\r\nX-Evil: 1\nX-Worse: 2\u{0}"
    let answer = try await client.send(
      HTTPCall("GET", "http://127.0.0.1:\(server.port)/", headers: [("X-One", value)], deadline: 120_000))
    #expect(answer.header("x-one") == "a  X-Evil: 1 X-Worse: 2")
    #expect(answer.header("x-evil") == nil)
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("A call sends five mebibytes and receives five back")
  func largeBodies() async throws {
    let (server, client) = (try mirror.serve(), try HTTPClient())
    let body = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) }
    let answer = try await client.send(HTTPCall("POST", "http://127.0.0.1:\(server.port)/", body: body, deadline: 120_000))
    #expect(answer.body == body)
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("An answer to HEAD ends with its headers, and the connection serves the next call")
  func head() async throws {
    let server = try ScriptedApplication { _ in .text("body") }.serve()
    let client = try HTTPClient(connections: 1)
    let url = "http://127.0.0.1:\(server.port)/"
    let answer = try await client.send(HTTPCall("HEAD", url, deadline: 120_000))
    #expect(answer.header("content-length") == "4")
    #expect(answer.body.isEmpty)
    #expect(try await client.send(HTTPCall("GET", url, deadline: 120_000)).body == Array("body".utf8))
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("Two hundred simultaneous calls each get their own answer")
  func manyAtOnce() async throws {
    let gate = Gate()
    let waiting = ScriptedApplication { request in
      await gate.pass()
      return HTTPResponse(status: 200, body: request.body)
    }
    let (server, client) = (try waiting.serve(), try HTTPClient(connections: 64))
    let port = server.port
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          let body = Array("number \(number)".utf8)
          return try await client.send(HTTPCall("POST", "http://127.0.0.1:\(port)/", body: body, deadline: 60_000)).body == body
        }
      }
      // As many as there are connections; the others wait for one of them.
      await gate.awaitArrivals(64)
      #expect(waiting.requests.count == 64)
      gate.open()
      for try await isOwn in group { #expect(isOwn) }
    }
    client.stop()
    await server.stop(within: .seconds(5))
  }
}
