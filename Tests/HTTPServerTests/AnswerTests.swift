import HTTPServer
import Testing
import WireTesting

@Suite("Answers of the server")
struct AnswerTests {
  @Test("A request reaches the application as it was sent")
  func request() async throws {
    let application = ScriptedApplication { _ in .text("done.") }
    let server = try application.serve()
    let port = server.port
    _ = await onThread {
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send("PUT /a%20b/../c?x=%31&y HTTP/1.1\r\nHost: h\r\nX-Twice: one\r\nx-twice:  two \r\nContent-Length: 3\r\n\r\na\u{0}b")
      return connection.receive(until: "done.")
    }
    let request = try #require(application.requests.first)
    #expect(request.head.method == "PUT")
    #expect(request.head.target == "/a%20b/../c?x=%31&y")
    #expect(request.head.path == "/a%20b/../c")
    #expect(request.head.query == "x=%31&y")
    #expect(request.head.fields.filter { $0.name.lowercased() == "x-twice" }.map(\.value) == ["one", "two"])
    #expect(request.body == [0x61, 0, 0x62])
    await server.stop(within: .seconds(5))
  }

  @Test("What the application works out from a head comes back with its request, on the same connection too")
  func context() async throws {
    let application = ScriptedApplication { .text("\($0.context as? Substring ?? "nothing").") }
    let server = try application.serve()
    let port = server.port
    let answers = await onThread {
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send(
        "GET /first?x HTTP/1.1\r\nHost: h\r\n\r\nPOST /second HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\n!")
      return connection.receiveAll()
    }
    #expect(answers.matches(of: /\/(?:first|second)\./).map { String($0.output) } == ["/first.", "/second."])
    await server.stop(within: .seconds(5))
  }

  @Test("An answer is sent with its status, headers and length", arguments: [false, true])
  func answer(suspends: Bool) async throws {
    let gate = Gate()
    let application = ScriptedApplication { _ in
      if suspends { await gate.pass() }
      return HTTPResponse(status: 429, fields: [HTTPField("Retry-After", "7"), HTTPField("X", "1"), HTTPField("X", "2")], body: [0x21])
    }
    let server = try application.serve()
    let port = server.port
    async let answer = onThread {
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return connection.receiveAll()
    }
    if suspends {
      await gate.awaitArrivals()
      #expect(server.requestsInFlight == 1)
      gate.open()
    }
    let text = await answer
    #expect(text.hasPrefix("HTTP/1.1 429 "))
    for header in ["Retry-After: 7", "X: 1", "X: 2", "Content-Length: 1"] { #expect(text.contains("\r\n\(header)\r\n")) }
    #expect(text.hasSuffix("\r\n\r\n!"))
    await server.stop(within: .seconds(5))
  }

  @Test("HEAD gets the headers and no body")
  func head() async throws {
    let server = try ScriptedApplication { _ in .text("body") }.serve()
    let port = server.port
    let text = await onThread {
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return connection.receiveAll()
    }
    #expect(text.contains("Content-Length: 4\r\n"))
    #expect(text.hasSuffix("\r\n\r\n"))
    await server.stop(within: .seconds(5))
  }

  @Test("Requests sent in one go are answered in order, even if each has to wait", arguments: [false, true])
  func pipelining(suspends: Bool) async throws {
    let application = ScriptedApplication { request in
      if suspends { await onThread {} }
      return .text("[\(request.head.target)]")
    }
    let server = try application.serve()
    let port = server.port
    let text = await onThread {
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send((0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
      return connection.receive(until: "]", times: 50)
    }
    let answers = text.split(separator: "[").dropFirst().compactMap { $0.split(separator: "]").first }
    #expect(answers.map(String.init) == (0..<50).map { "/\($0)" })
    await server.stop(within: .seconds(5))
  }

  @Test("A client that expects 100-continue gets it before it sends the body")
  func continues() async throws {
    let server = try ScriptedApplication { .text("<" + String(decoding: $0.body, as: UTF8.self) + ">") }.serve()
    let port = server.port
    let (leave, text) = await onThread {
      guard let connection = RawConnection(port: port) else { return ("", "") }
      connection.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
      let leave = connection.receive(until: "\r\n\r\n")
      connection.send("body")
      return (leave, connection.receive(until: ">"))
    }
    #expect(leave.hasPrefix("HTTP/1.1 100 "))
    #expect(text.hasSuffix("<body>"))
    await server.stop(within: .seconds(5))
  }

  @Test("A connection closes without a byte of an answer if the application asks for that, and others go on", arguments: [false, true])
  func hungUp(suspends: Bool) async throws {
    let gate = Gate()
    if !suspends { gate.open() }
    let application = ScriptedApplication { request in
      await gate.pass()
      return request.head.target == "/gone" ? .hungUp : .text("here")
    }
    let server = try application.serve()
    let port = server.port
    async let answers = onThread {
      ["/gone", "/"].map { target in
        guard let connection = RawConnection(port: port) else { return "no connection" }
        connection.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
        return target == "/gone" ? connection.receive() ?? "closed" : connection.receive(until: "here")
      }
    }
    if suspends {
      await gate.awaitArrivals()
      gate.open()
    }
    let said = await answers
    #expect(said[0] == "closed")
    #expect(said[1].hasSuffix("here"))
    #expect(await server.stop(within: .seconds(5)))
  }
}
