import HTTPServer
import Testing
import WireTesting

@Suite("Clients that do not finish what they began")
struct SlowSenderTests {
  private func serve(idleSeconds: Int = 1) throws -> HTTPServer {
    try ScriptedApplication { _ in .text("served") }.serve {
      ($0.idleSeconds, $0.neighbourIdleSeconds) = (idleSeconds, idleSeconds)
      $0.bodySeconds = 1
    }
  }

  /// The last line of another client's answer.
  private func answer(_ port: UInt16) async -> String {
    await onThread {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      guard connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n") else { return "not sent" }
      return connection.receiveAll().split(separator: "\r\n").last.map(String.init) ?? "nothing"
    }
  }

  @Test(
    "A client that stalls is cut off while others are served",
    arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nHost: h\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf"])
  func stalls(part: String) async throws {
    let server = try serve()
    let port = server.port
    async let isCut = onThread {
      guard let connection = RawConnection(port: port) else { return false }
      connection.send(part)
      return connection.isEnded(within: 120_000)
    }
    #expect(await answer(port) == "served")
    #expect(await isCut)
    #expect(await answer(port) == "served")
    #expect(await server.stop(within: .seconds(5)))
  }

  @Test(
    "A client that sends a byte now and then is cut off too",
    arguments: [
      "GET /" + String(repeating: "x", count: 1_000), "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n",
    ])
  func trickles(start: String) async throws {
    let server = try serve()
    let port = server.port
    // Many more bytes than the limits leave time for, each within the idle time of a connection.
    let isCut = await onThread {
      guard let connection = RawConnection(port: port) else { return false }
      connection.send(start)
      return (0..<1_200).contains { _ in !connection.send("1") || connection.isEnded(within: 100) }
    }
    #expect(isCut)
    #expect(await answer(port) == "served")
    #expect(await server.stop(within: .seconds(5)))
  }

  @Test("A kept connection may rest and ask again, and its time starts over with each request")
  func keptConnection() async throws {
    let server = try serve(idleSeconds: 3)
    let port = server.port
    let answers = await onThread {
      guard let connection = RawConnection(port: port) else { return 0 }
      return (0..<10).count { _ in
        guard !connection.isEnded(within: 500) else { return false }
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        return connection.receive(until: "served").hasSuffix("served")
      }
    }
    #expect(answers == 10)
    await server.stop(within: .seconds(5))
  }

  @Test("A client that reads a byte of its answer now and then is cut off")
  func slowReader() async throws {
    let large = [UInt8](repeating: 0x78, count: 24 << 20)
    let server = try ScriptedApplication { _ in HTTPResponse(status: 200, body: large) }.serve { $0.idleSeconds = 2 }
    let port = server.port
    let received = await onThread { () -> Int in
      guard let connection = RawConnection(port: port) else { return .max }
      connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      // Ten bytes in ten seconds, while two seconds without progress are allowed.
      for _ in 0..<10 {
        _ = connection.receive(atMost: 1)
        connection.rest(1_000)
      }
      return connection.receiveAll().utf8.count
    }
    #expect(received < large.count)
    #expect(await server.stop(within: .seconds(120)))
  }
}
