import HTTPServer
import Testing
import WireTesting

@Suite("Limits of the server")
struct LimitTests {
  /// Sends a request by hand and returns the answer up to the connection's end.
  private func exchange(_ server: HTTPServer, _ request: String) async -> String {
    let port = server.port
    return await onThread {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send(request)
      return connection.receiveAll()
    }
  }

  private let echo = ScriptedApplication(bodyLimit: 1_000) { .text("\($0.body.count) bytes") }

  @Test(
    "A head of exactly 24 KiB is accepted and one byte more is refused, whichever header fills it", arguments: [0, 1],
    ["Cookie", "Authorization"])
  func headLimitIsExact(over: Int, name: String) async throws {
    let server = try echo.serve()
    let start = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\(name): "
    let filling = String(repeating: "x", count: 24_576 - start.utf8.count - 4 + over)
    let answer = await exchange(server, start + filling + "\r\n\r\n")
    #expect(answer.hasPrefix(over == 0 ? "HTTP/1.1 200 " : "HTTP/1.1 431 "))
    #expect(over == 0 || answer.hasSuffix("refused: unreadable(status: 431)"))
    #expect(echo.heads.count == 1 - over)
    await server.stop(within: .seconds(5))
  }

  @Test("The limit of a head is the same for every request of a connection")
  func largeHeadLater() async throws {
    let server = try echo.serve()
    let port = server.port
    let answers = await onThread {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      let first = connection.receive(until: "0 bytes")
      connection.send("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(String(repeating: "t", count: 23 << 10))\r\n\r\n")
      let second = connection.receive(until: "0 bytes")
      connection.send("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(String(repeating: "t", count: 24 << 10))\r\n\r\n")
      return first + second + connection.receiveAll()
    }
    #expect(answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) } == ["200", "200", "431"])
    await server.stop(within: .seconds(5))
  }

  @Test("Connections with small and with large heads share one limit")
  func sharedConnectionLimit() async throws {
    let server = try echo.serve { $0.connectionLimit = 2 }
    let port = server.port
    let answers = await onThread {
      let requests = [0, 23 << 10, 0].map { size in
        "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: \(String(repeating: "t", count: size))\r\n\r\n"
      }
      let connections = requests.map { _ in RawConnection(port: port) }
      return zip(connections, requests).map { connection, request in
        connection?.send(request)
        return connection?.receive(until: "0 bytes") ?? ""
      }
    }
    #expect(answers.map { $0.hasPrefix("HTTP/1.1 200 ") } == [true, true, false])
    await server.stop(within: .seconds(5))
  }

  @Test("A flood of connections over the limit is turned away and does not hold up later ones")
  func connectionFlood() async throws {
    let server = try echo.serve { $0.connectionLimit = 3 }
    let port = server.port
    for _ in 0..<20 {
      let served = await onThread {
        let flood = (0..<60).compactMap { _ in RawConnection(port: port) }
        for connection in flood { connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n") }
        return flood.count { $0.receiveAll().hasSuffix("0 bytes") }
      }
      #expect(served >= 3)
    }
    // The last ones may still be on their way out.
    var answer = ""
    while !answer.hasSuffix("0 bytes") { answer = await exchange(server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n") }
    #expect(await server.stop(within: .seconds(600)))
  }

  @Test("A body announced as too large is refused before any of it is sent", arguments: ["1001", "18446744073709551614"])
  func announcedBodyTooLarge(length: String) async throws {
    let server = try echo.serve()
    let answer = await exchange(server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.hasSuffix("refused: bodyTooLarge(limit: 1000)"))
    #expect(echo.requests.isEmpty)
    await server.stop(within: .seconds(5))
  }

  @Test("A body of exactly the limit is accepted, in one piece and in chunks")
  func bodyAtItsLimit() async throws {
    let server = try echo.serve()
    let body = String(repeating: "b", count: 1_000)
    let whole = await exchange(server, "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n\(body)")
    #expect(whole.hasSuffix("1000 bytes"))
    let chunked = await exchange(
      server, "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n\(body)\r\n0\r\n\r\n")
    #expect(chunked.hasSuffix("1000 bytes"))
    await server.stop(within: .seconds(5))
  }

  @Test("A chunked body that turns out too large is refused at its end")
  func chunkedBodyTooLarge() async throws {
    let server = try echo.serve()
    let chunk = "1f4\r\n" + String(repeating: "c", count: 500) + "\r\n"
    let answer = await exchange(
      server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)\(chunk)0\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(echo.requests.isEmpty)
    await server.stop(within: .seconds(5))
  }

  @Test("A request that the application refuses by its head gets the application's answer, and its body is not read")
  func refusedByHead() async throws {
    let strict = ScriptedApplication(
      judge: { _ in HTTPResponse(status: 401, fields: [HTTPField("WWW-Authenticate", "Bearer")]) },
      respond: { _ in .text("taken") })
    let server = try strict.serve()
    let answer = await exchange(server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 401 "))
    #expect(answer.contains("WWW-Authenticate: Bearer\r\n"))
    #expect(answer.contains("Connection: close\r\n"))
    #expect(strict.requests.isEmpty)
    await server.stop(within: .seconds(5))
  }

  @Test("Bodies in flight share a limit, and their room is free again once they are answered")
  func overloaded() async throws {
    let gate = Gate()
    let slow = ScriptedApplication { request in
      await gate.pass()
      return .text("\(request.body.count) bytes")
    }
    let server = try slow.serve { $0.bodiesLimit = 1_000 }
    let request = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 800\r\n\r\n" + String(repeating: "b", count: 800)
    async let first = exchange(server, request)
    await gate.awaitArrivals()
    #expect(await exchange(server, request).hasSuffix("refused: overloaded"))
    let chunks = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n\(String(repeating: "c", count: 300))\r\n0\r\n\r\n"
    #expect(await exchange(server, chunks).hasSuffix("refused: overloaded"))
    gate.open()
    #expect(await first.hasSuffix("800 bytes"))
    #expect(await exchange(server, request).hasSuffix("800 bytes"))
    await server.stop(within: .seconds(5))
  }
}
