import HTTPServer
import Synchronization
import Testing
import WireTesting

@Suite("A body that is too large to be collected")
struct LargeBodyTests {
  /// Sums up its bytes, and reports that it keeps a part of them.
  private final class Sum: HTTPBodyReader {
    private let state = Mutex((bytes: 0, sum: 0, pieces: 0))
    let share: Int

    init(share: Int) { self.share = share }

    func take(_ piece: UnsafeRawBufferPointer) {
      state.withLock { state in
        // Only some bytes count: a missing one shifts the others.
        for position in stride(from: (7 - state.bytes % 7) % 7, to: piece.count, by: 7) {
          state.sum = (state.sum &* 31 &+ Int(piece[position])) % 1_000_003
        }
        state.bytes += piece.count
        state.pieces += 1
      }
    }

    var keptBytes: Int { state.withLock { share == 0 ? 0 : $0.bytes / share } }
    var text: String { state.withLock { "\($0.bytes) bytes, \($0.sum)" } }
    var pieces: Int { state.withLock { $0.pieces } }
  }

  private func application(share: Int = 0) -> ScriptedApplication {
    ScriptedApplication(
      bodyLimit: 1_000, reader: { $0.path == "/large" ? Sum(share: share) : nil },
      respond: { request in
        .text((request.reader as? Sum).map { "read \($0.text)" } ?? "collected \(request.body.count) bytes")
      })
  }

  /// Sends a body, whole or in chunks, and returns the answer.
  private func post(_ server: HTTPServer, _ body: String, path: String = "/large", chunk: Int? = nil) async -> String {
    let port = server.port
    return await onThread {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      let head = "POST \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
      guard let chunk else {
        connection.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        return connection.receiveAll()
      }
      connection.send(head + "Transfer-Encoding: chunked\r\n\r\n")
      var rest = body[...]
      while !rest.isEmpty {
        let part = rest.prefix(chunk)
        rest = rest.dropFirst(part.count)
        connection.send(String(part.utf8.count, radix: 16) + "\r\n" + part + "\r\n")
      }
      connection.send("0\r\n\r\n")
      return connection.receiveAll()
    }
  }

  /// The reader's expected result.
  private static func expected(_ body: String) -> String {
    let bytes = Array(body.utf8)
    let sum = stride(from: 0, to: bytes.count, by: 7).reduce(0) { ($0 &* 31 &+ Int(bytes[$1])) % 1_000_003 }
    return "read \(bytes.count) bytes, \(sum)"
  }

  @Test(
    "A body too large to be collected goes to the reader from its first byte to its last, announced or chunked",
    arguments: [1_001, 40_000, 300_000], [nil, 700, 9_000])
  func reads(size: Int, chunk: Int?) async throws {
    let server = try application().serve()
    let body = String((0..<size).map { Character(UnicodeScalar(UInt8(0x20 + $0 % 90))) })
    #expect(await post(server, body, chunk: chunk).hasSuffix(Self.expected(body)))
    await server.stop(within: .seconds(5))
  }

  @Test("A large body without a reader is refused, and a body that fits is collected", arguments: [nil, 300])
  func others(chunk: Int?) async throws {
    let server = try application().serve()
    #expect(await post(server, String(repeating: "b", count: 1_001), path: "/small", chunk: chunk).hasSuffix("bodyTooLarge(limit: 1000)"))
    #expect(await post(server, String(repeating: "b", count: 1_000), chunk: chunk).hasSuffix("collected 1000 bytes"))
    await server.stop(within: .seconds(5))
  }

  @Test("A large body counts by what is kept of it, and leaves a quarter of the room to others")
  func room() async throws {
    let body = String(repeating: "b", count: 400_000)
    // A tenth is kept: 40,000 bytes, where 30,000 in all are allowed.
    let server = try application(share: 10).serve { $0.bodiesLimit = 40_000 }
    #expect(await post(server, body).hasSuffix("refused: overloaded"))
    #expect(await post(server, body, chunk: 5_000).hasSuffix("refused: overloaded"))
    let smaller = String(body.prefix(290_000))
    #expect(await post(server, smaller).hasSuffix(Self.expected(smaller)))
    // The room is free again after each.
    #expect(await post(server, smaller).hasSuffix(Self.expected(smaller)))
    await server.stop(within: .seconds(5))
  }

  @Test("A large body that breaks off leaves nothing behind once its time is over")
  func breaksOff() async throws {
    let application = application(share: 1)
    let server = try application.serve { ($0.bodiesLimit, $0.bodySeconds) = (400_000, 1) }
    let port = server.port
    for _ in 0..<5 {
      await onThread {
        guard let connection = RawConnection(port: port) else { return }
        connection.send("POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + String(repeating: "b", count: 200_000))
        connection.close()
      }
    }
    while server.requestsInFlight > 0 { try await Task.sleep(for: .milliseconds(20)) }
    let body = String(repeating: "b", count: 250_000)
    #expect(await post(server, body).hasSuffix(Self.expected(body)))
    #expect(application.requests.count == 1)
    await server.stop(within: .seconds(5))
  }

  @Test("A large body may take longer than others while it arrives, and is cut off if it stalls")
  func time() async throws {
    let server = try application().serve { $0.bodySeconds = 4 }
    let port = server.port
    let body = String(repeating: "b", count: 4 << 20)
    let answer = await onThread {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send("POST /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(24 * body.utf8.count)\r\n\r\n")
      // At most five times a second: 96 MiB in more than four seconds, with time to spare for each third of them.
      for _ in 0..<24 {
        connection.send(body)
        _ = connection.isEnded(within: 200)
      }
      return connection.receiveAll()
    }
    #expect(answer.contains("read \(24 * (4 << 20)) bytes"))
    let isCut = await onThread {
      guard let connection = RawConnection(port: port) else { return false }
      connection.send("POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + String(repeating: "b", count: 200_000))
      return connection.isEnded(within: 120_000)
    }
    #expect(isCut)
    await server.stop(within: .seconds(5))
  }
}
