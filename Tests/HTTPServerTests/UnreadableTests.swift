import HTTPServer
import Testing
import WireTesting

@Suite("Requests that cannot be read as HTTP")
struct UnreadableTests {
  private struct Case: Sendable {
    let name: String
    let request: String
    let status: Int
  }

  private static let long = String(repeating: "x", count: 200 << 10)
  private static let post = "POST / HTTP/1.1\r\nHost: h\r\n"

  private static let cases: [Case] = [
    Case(name: "no version", request: "GET / TELNET\r\nHost: h\r\n\r\n", status: 400),
    Case(name: "a version too old", request: "GET / HTTP/0.9\r\nHost: h\r\n\r\n", status: 505),
    Case(name: "a version to come", request: "GET / HTTP/2.0\r\nHost: h\r\n\r\n", status: 505),
    Case(name: "no host", request: "GET / HTTP/1.1\r\n\r\n", status: 400),
    Case(name: "a header without a colon", request: "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", status: 400),
    Case(name: "an endless target", request: "GET /\(long) HTTP/1.1\r\nHost: h\r\n\r\n", status: 414),
    Case(name: "an endless header", request: "GET / HTTP/1.1\r\nHost: h\r\nX: \(long)\r\n\r\n", status: 431),
    Case(
      name: "endless headers", request: "GET / HTTP/1.1\r\nHost: h\r\n\(String(repeating: "A: b\r\n", count: 30_000))\r\n", status: 431),
    Case(name: "a length of letters", request: post + "Content-Length: four\r\n\r\nbody", status: 400),
    Case(name: "a length beyond 64 bits", request: post + "Content-Length: 99999999999999999999\r\n\r\n", status: 413),
    Case(name: "a chunk without a length", request: post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nbody\r\n0\r\n\r\n", status: 400),
    Case(
      name: "a chunk longer than said", request: post + "Transfer-Encoding: chunked\r\n\r\n2\r\nbody\r\n0\r\n\r\n", status: 400),
    Case(
      name: "a chunk beyond 64 bits", request: post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nbody\r\n", status: 413),
    Case(
      name: "a trailer without a colon", request: post + "Transfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n", status: 400),
  ]

  @Test(
    "A request that cannot be read is refused in the application's words, and its connection closes", arguments: cases.map(\.name),
    [false, true])
  func refused(_ name: String, isKept: Bool) async throws {
    let unreadable = try #require(Self.cases.first { $0.name == name })
    let application = ScriptedApplication { _ in .text("taken") }
    let server = try application.serve()
    let port = server.port
    let answer = await onThread { () -> String in
      guard let connection = RawConnection(port: port) else { return "no connection" }
      if isKept {
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        guard connection.receive(until: "taken").hasSuffix("taken") else { return "not kept" }
      }
      connection.send(unreadable.request)
      return connection.receiveAll()
    }
    #expect(answer.hasPrefix("HTTP/1.1 \(unreadable.status) "), "\(answer.prefix(300))")
    #expect(answer.hasSuffix("refused: unreadable(status: \(unreadable.status))"), "\(answer.prefix(300))")
    #expect(answer.contains("Connection: close\r\n") && answer.contains("\r\nDate: "))
    #expect(answer.split(separator: "HTTP/1.").count == 1, "one head only")
    #expect(application.requests.count == (isKept ? 1 : 0))
    #expect(await server.stop(within: .seconds(5)))
  }

  @Test("Bytes without even a method are answered as a bad request", arguments: ["HELLO\r\n\r\n", "\u{16}\u{3}\u{1}\r\n"])
  func nothing(_ request: String) async throws {
    let server = try ScriptedApplication { _ in .text("taken") }.serve()
    let port = server.port
    let answer = await onThread { () -> String in
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send(request)
      return connection.receiveAll()
    }
    #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.hasSuffix("refused: unreadable(status: 400)"))
    #expect(await server.stop(within: .seconds(5)))
  }

  @Test("A request that cannot be read does no harm to others at the same time", .timeLimit(.minutes(10)))
  func beside() async throws {
    let application = ScriptedApplication { _ in .text("taken") }
    let server = try application.serve()
    let port = server.port
    let answers = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          await onThread {
            guard let connection = RawConnection(port: port) else { return false }
            let request =
              number % 2 == 0 ? Self.cases[number % Self.cases.count].request : "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            connection.send(request)
            return connection.receiveAll().hasSuffix(number % 2 == 0 ? ")" : "taken")
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(answers == 200)
    #expect(await server.stop(within: .seconds(5)))
  }
}
