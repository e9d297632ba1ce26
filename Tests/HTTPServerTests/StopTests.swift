import HTTPServer
import Testing
import WireTesting

@Suite("Stopping the server")
struct StopTests {
  @Test("During a stop the running request ends, new requests are refused and new connections are not accepted")
  func graceful() async throws {
    let gate = Gate()
    let application = ScriptedApplication { request in
      if request.head.target == "/slow" { await gate.pass() }
      return .text("served")
    }
    // On a busy machine more than a minute may pass before the kept connection is used again.
    let port = try reservedPort()
    let server = try application.serve { ($0.port, $0.idleSeconds, $0.neighbourIdleSeconds) = (port, 3_600, 3_600) }
    let kept = try #require(await onThread { RawConnection(port: port) })
    let before = await onThread {
      kept.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return kept.receive(until: "served")
    }
    #expect(before.hasSuffix("served"))
    async let slow = onThread {
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
      return connection.receiveAll()
    }
    await gate.awaitArrivals()
    async let settled = server.stop(within: .seconds(600))
    // Once no connection is accepted any more, the server has begun to stop.
    await onThread { while RawConnection(port: port) != nil {} }
    let late = await onThread {
      kept.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return kept.receiveAll()
    }
    #expect(late.hasSuffix("refused: stopping"))
    gate.open()
    #expect(await slow.hasSuffix("served"))
    #expect(await settled)
    #expect(await server.stop(within: .zero))
  }

  @Test("A request that hangs is refused as stopping, and the stop reports it", arguments: [0, 50])
  func hanging(milliseconds: Int) async throws {
    let gate = Gate()
    let application = ScriptedApplication { _ in
      await gate.pass()
      return .text("too late")
    }
    let server = try application.serve()
    let port = server.port
    let hanging = (0..<3).map { _ in
      Task {
        await onThread {
          guard let connection = RawConnection(port: port) else { return "" }
          connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
          return connection.receiveAll()
        }
      }
    }
    await gate.awaitArrivals(3)
    #expect(await server.stop(within: .milliseconds(milliseconds)) == false)
    for task in hanging { #expect(await task.value.hasSuffix("refused: stopping")) }
    // Late answers of the handlers have nowhere to go and must do no harm.
    gate.open()
  }

  @Test("A stop does not wait for a client that has not finished its head")
  func halfHead() async throws {
    let server = try ScriptedApplication { _ in .text("served") }.serve()
    let port = server.port
    let half = try #require(await onThread { RawConnection(port: port) })
    let other = await onThread {
      half.send("GET / HTTP/1.1\r\nHo")
      guard let connection = RawConnection(port: port) else { return "" }
      connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return connection.receiveAll()
    }
    #expect(other.hasSuffix("served"))
    #expect(await server.stop(within: .seconds(600)))
    #expect(await onThread { half.receiveAll() } == "")
  }

  @Test("A stop waits two seconds and no longer for an unfinished body and an unread answer")
  func unfinished() async throws {
    let large = [UInt8](repeating: 0x78, count: 32 << 20)
    let application = ScriptedApplication { $0.head.target == "/large" ? HTTPResponse(status: 200, body: large) : .text("served") }
    let server = try application.serve()
    let port = server.port
    let half = try #require(await onThread { RawConnection(port: port) })
    let unread = try #require(await onThread { RawConnection(port: port) })
    await onThread {
      half.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf")
      unread.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
    }
    while server.requestsInFlight < 2 { await Task.yield() }
    // Much longer than two seconds: the wait ends by itself.
    #expect(await server.stop(within: .seconds(3_000)))
    #expect(await onThread { half.receiveAll() }.hasSuffix("refused: stopping"))
    #expect(await onThread { unread.receiveAll().utf8.count } < large.count)
  }

  @Test("A stop under load loses no answer: each request is served, refused, or its connection closes unanswered")
  func underLoad() async throws {
    for round in 0..<10 {
      let application = ScriptedApplication { request in
        if request.head.target.hasSuffix("1") { await onThread {} }
        return .text("served")
      }
      let server = try application.serve()
      let port = server.port
      // Connected before the stop: afterwards the port may belong to another test's server.
      let connections = await onThread { (0..<8).compactMap { _ in RawConnection(port: port) } }
      #expect(connections.count == 8)
      let loads = connections.enumerated().map { number, connection in
        Task {
          await onThread {
            for _ in 0..<10_000 {
              guard connection.send("GET /\(number % 2) HTTP/1.1\r\nHost: h\r\n\r\n") else { return true }
              let answer = connection.receive(until: "\r\n\r\n")
              if answer.isEmpty { return true }
              if answer.hasPrefix("HTTP/1.1 503 ") { return true }
              guard answer.hasPrefix("HTTP/1.1 200 ") else { return false }
              if !answer.hasSuffix("served") { _ = connection.receive(until: "served") }
            }
            return true
          }
        }
      }
      while application.requests.count < 100 * round { await Task.yield() }
      await server.stop(within: .seconds(30))
      for load in loads { #expect(await load.value) }
    }
  }
}
