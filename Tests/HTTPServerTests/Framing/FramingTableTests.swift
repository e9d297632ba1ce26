import HTTPServer
import Testing
import WireTesting

@Suite("Requests as RFC 9112 frames them")
struct FramingTableTests {
  /// How the bytes arrive.
  enum Arrival: CaseIterable {
    case atOnce
    case inHalves
    case oneByOne
  }

  private static let canary = Array("GET /behind HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".utf8)

  @Test(
    "A request of the framing table is read or refused the same way, however its bytes arrive", arguments: FramingCase.all, Arrival.allCases
  )
  func frames(_ framing: FramingCase, _ arrival: Arrival) async throws {
    let application = ScriptedApplication(bodyLimit: 1 << 20) { _ in .text("taken") }
    let server = try application.serve()
    let port = server.port
    let answers = await onThread { () -> String in
      guard let connection = RawConnection(port: port) else { return "no connection" }
      Self.send(framing.bytes + Self.canary, over: connection, arrival)
      return connection.receiveAll()
    }
    await server.stop(within: .seconds(120))
    let read = application.requests.map { request in
      let host = String(decoding: framing.bytes, as: UTF8.self).contains("://") ? request.head.header("host") ?? "" : ""
      return "\(request.head.method) \(request.head.target) \(String(decoding: request.body, as: UTF8.self))\(host)"
    }
    switch framing.outcome {
    case .refused(let status):
      #expect(answers.hasPrefix("HTTP/1.1 \(status) "), "\(answers.prefix(300))")
      #expect(answers.contains("\r\nConnection: close\r\n"))
      #expect(Self.heads(in: answers) == 1, "\(answers.prefix(600))")
      #expect(read.isEmpty)
    case .read(let requests):
      #expect(read.dropLast() == requests[...], "\(answers.prefix(600))")
      #expect(read.last?.hasPrefix("GET /behind ") ?? false)
      #expect(Self.heads(in: answers) == requests.count + 1)
    }
  }

  @Test("The framing table has at least 150 cases and no case twice")
  func size() {
    #expect(FramingCase.all.count >= 150)
    #expect(Set(FramingCase.all.map(\.name)).count == FramingCase.all.count)
  }

  private static func heads(in answers: String) -> Int { answers.split(separator: "HTTP/1.1 ").count }

  private static func send(_ bytes: [UInt8], over connection: RawConnection, _ arrival: Arrival) {
    switch arrival {
    case .atOnce: connection.send(bytes)
    case .inHalves:
      connection.send(Array(bytes[..<(bytes.count / 2)]))
      // Long enough that the halves arrive separately.
      _ = connection.isEnded(within: 5)
      connection.send(Array(bytes[(bytes.count / 2)...]))
    case .oneByOne:
      // The beginning is what matters; the rest of a long request goes out in one piece.
      for byte in bytes.prefix(400) { connection.send([byte]) }
      connection.send(Array(bytes.dropFirst(400)))
    }
  }
}
