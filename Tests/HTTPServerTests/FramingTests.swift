import HTTPServer
import Testing
import WireTesting

@Suite("Requests that two readers could frame differently")
struct FramingTests {
  static let doubtful: [(why: String, request: String)] = [
    ("a coding beside a length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("two lengths that differ", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!"),
    ("a list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4, 4\r\n\r\nbody"),
    ("a length with a sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +4\r\n\r\nbody"),
    ("an unknown coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nbody"),
    ("chunked before another coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    (
      "a coding given twice",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    ("a space before the colon", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 4\r\n\r\nbody"),
    ("a coding hidden by a space", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    ("no host", "GET / HTTP/1.1\r\n\r\n"),
    ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
  ]

  @Test(
    "A request with ambiguous framing is refused with 400, its connection closes, and the application never sees it", arguments: doubtful)
  func refuses(why: String, request: String) async throws {
    let application = ScriptedApplication { _ in .text("taken") }
    let server = try application.serve()
    let port = server.port
    // A second request behind the first must not be answered either.
    let answer = await onThread { () -> String in
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
      return connection.receiveAll()
    }
    #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(why): \(answer)")
    #expect(!answer.contains("taken"))
    #expect(application.heads.isEmpty)
    #expect(application.requests.isEmpty)
    await server.stop(within: .seconds(5))
  }

  @Test("A length given twice alike, and chunks alone, are not ambiguous")
  func takesPlainFraming() async throws {
    let application = ScriptedApplication { .text("<" + String(decoding: $0.body, as: UTF8.self) + ">") }
    let server = try application.serve()
    let port = server.port
    let answer = await onThread { () -> String in
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody")
      connection.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n\r\n")
      return connection.receive(until: ">", times: 2)
    }
    #expect(answer.contains("<body>"))
    #expect(answer.contains("<abcde>"))
    await server.stop(within: .seconds(5))
  }
}
