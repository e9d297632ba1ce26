import HTTPServer
import Testing
import WireTesting

@Suite("Room for bodies")
struct ShareTests {
  /// Begins requests that announce a body and send only a part of it.
  private static func stall(_ count: Int, _ port: UInt16, path: String = "/process", announced: Int, sent: Int) -> [RawConnection] {
    (0..<count).compactMap { _ in
      let connection = RawConnection(port: port)
      connection?.send("POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(announced)\r\n\r\n" + String(repeating: "b", count: sent))
      return connection
    }
  }

  private static func post(_ port: UInt16, path: String, size: Int) -> String {
    guard let connection = RawConnection(port: port) else { return "no connection" }
    connection.send(
      "POST \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "b", count: size))
    return connection.receiveAll()
  }

  @Test("A body takes room as its bytes arrive, not as it is announced")
  func announced() async throws {
    let server = try SharedApplication().serve()
    let port = server.port
    let answers = await onThread {
      let stalled = Self.stall(64, port, announced: 1 << 20, sent: 0)
      let answers = ["/process", "/events/a"].map { Self.post(port, path: $0, size: 1 << 20) }
      return withExtendedLifetime(stalled) { answers }
    }
    for answer in answers { #expect(answer.hasSuffix("1048576 bytes"), "\(answer.suffix(200))") }
    await server.stop(within: .seconds(5))
  }

  @Test("The bodies that have been arriving the longest are ended to make room, and a neighbour's never are")
  func stalled() async throws {
    let server = try SharedApplication().serve { $0.bodiesLimit = 16 << 20 }
    let port = server.port
    let (answers, delivery) = await onThread { () -> ([String], String) in
      guard let delivering = RawConnection(port: port) else { return ([], "") }
      delivering.send("POST /events/b HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n")
      delivering.send(String(repeating: "b", count: 99_999))
      // Eight of them fill the callers' room.
      let stalled = Self.stall(64, port, announced: 1 << 20, sent: (1 << 20) - 1)
      let answers = ["/process", "/events/a", "/process"].map { Self.post(port, path: $0, size: 1 << 20) }
      delivering.send("b")
      return withExtendedLifetime(stalled) { (answers, delivering.receiveAll()) }
    }
    for answer in answers { #expect(answer.hasSuffix("1048576 bytes"), "\(answer.suffix(200))") }
    #expect(delivery.hasSuffix("100000 bytes"))
    await server.stop(within: .seconds(5))
  }
}

/// Answers with the size of the body; requests under `/events/` are a neighbour's.
private final class SharedApplication: HTTPApplication {
  func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
    .accept(bodyLimit: 1 << 20, share: head.path.hasPrefix("/events/") ? .neighbour : .common)
  }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    HTTPResponse(status: 503, body: Array("refused: \(refusal)".utf8))
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse { .text("\(request.body.count) bytes") }

  func serve(_ adjust: (inout HTTPServerSettings) -> Void = { _ in }) throws(HTTPServerFailure) -> HTTPServer {
    var settings = HTTPServerSettings(host: "127.0.0.1", port: 0)
    adjust(&settings)
    return try HTTPServer(settings, application: self)
  }
}
