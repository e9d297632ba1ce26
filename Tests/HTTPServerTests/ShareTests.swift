import Foundation
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

  @Test("A body takes no room once its request is answered, however slowly the answer is read")
  func answered() async throws {
    let server = try SharedApplication(answer: 2 << 20).serve { $0.bodiesLimit = 16 << 20 }
    let port = server.port
    let answers = await onThread {
      // Sixteen of them fill the callers' room twice over.
      let unread = Self.stall(16, port, announced: 1 << 20, sent: 1 << 20)
      Thread.sleep(forTimeInterval: 0.3)
      let answers = (0..<3).map { _ in Self.post(port, path: "/process", size: 1 << 20) }
      return withExtendedLifetime(unread) { answers }
    }
    for answer in answers { #expect(answer.hasSuffix("1048576 bytes"), "\(answer.suffix(200))") }
    await server.stop(within: .seconds(5))
  }

  @Test("Answers that nobody reads are bounded in total: the one that takes the longest gives way")
  func unread() async throws {
    let server = try SharedApplication(answer: 6 << 20).serve { $0.bodiesLimit = 32 << 20 }
    let port = server.port
    let (unread, last) = await onThread { () -> ([Int], Int) in
      // Each leaves a few megabytes with the system; two of them are within 16 MiB, a third is not.
      let connections = (0..<8).compactMap { _ -> RawConnection? in
        let connection = RawConnection(port: port)
        connection?.send("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        Thread.sleep(forTimeInterval: 0.1)
        return connection
      }
      let last = Self.post(port, path: "/b", size: 1).utf8.count
      return (connections.map { $0.receiveAll().utf8.count }, last)
    }
    #expect(last > 6 << 20)
    #expect(unread.count == 8 && unread.dropLast(2).allSatisfy { $0 < 6 << 20 })
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
  /// Bytes before the size in each answer.
  private let filling: String

  init(answer filling: Int = 0) {
    self.filling = String(repeating: "a", count: filling)
  }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
    .accept(bodyLimit: 1 << 20, share: head.path.hasPrefix("/events/") ? .neighbour : .common)
  }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    HTTPResponse(status: 503, body: Array("refused: \(refusal)".utf8))
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse { .text("\(filling)\(request.body.count) bytes") }

  func serve(_ adjust: (inout HTTPServerSettings) -> Void = { _ in }) throws(HTTPServerFailure) -> HTTPServer {
    var settings = HTTPServerSettings(host: "127.0.0.1", port: 0)
    adjust(&settings)
    return try HTTPServer(settings, application: self)
  }
}
