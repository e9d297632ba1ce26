import Foundation
import HTTPServer
import Testing
import WireTesting

@Suite("Idle connections")
struct IdleTests {
  private let application = ScriptedApplication(
    knows: { $0.header("token") == "the sidecar's" }, respond: { _ in .text("served") })

  /// Asks once, on a connection that stays open.
  private static func ask(_ connection: RawConnection, _ header: String = "") -> Bool {
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\(header)\r\n")
    return connection.receive(until: "served").hasSuffix("served")
  }

  @Test(
    "An idle connection of a neighbour outlasts those of strangers",
    arguments: [("", true, true), ("", false, false), ("token: the sidecar's\r\n", false, true)])
  func neighbours(_ header: String, _ isLoopbackNeighbour: Bool, _ isKept: Bool) async throws {
    let server = try application.serve {
      ($0.idleSeconds, $0.neighbourIdleSeconds, $0.isLoopbackNeighbour) = (1, 600, isLoopbackNeighbour)
    }
    let port = server.port
    let ended = await onThread {
      guard let connection = RawConnection(port: port), Self.ask(connection, header) else { return true }
      // The strangers' second, the sweep's, and a few for a busy machine; a kept connection is used at the end.
      let isEnded = connection.isEnded(within: isKept ? 4_000 : 120_000)
      return isEnded || !Self.ask(connection)
    }
    #expect(ended == !isKept)
    await server.stop(within: .seconds(5))
  }

  @Test("An idle connection of a neighbour ends too, after its own time")
  func endOfNeighbours() async throws {
    let server = try application.serve { ($0.idleSeconds, $0.neighbourIdleSeconds) = (600, 1) }
    let port = server.port
    let isEnded = await onThread {
      guard let connection = RawConnection(port: port), Self.ask(connection) else { return false }
      return connection.isEnded(within: 120_000)
    }
    #expect(isEnded)
    await server.stop(within: .seconds(5))
  }

  @Test("When connections are scarce, the strangers idle the longest give way, and no neighbour does")
  func scarce() async throws {
    let server = try application.serve { ($0.connectionLimit, $0.isLoopbackNeighbour) = (64, false) }
    let port = server.port
    let answers = await onThread { () -> [Bool] in
      let neighbours = (0..<4).compactMap { _ in RawConnection(port: port) }
      guard neighbours.allSatisfy({ Self.ask($0, "token: the sidecar's\r\n") }) else { return [] }
      let strangers = (0..<52).compactMap { _ in RawConnection(port: port) }
      guard strangers.allSatisfy({ Self.ask($0) }) else { return [] }
      // From the second on there are more than 56 each time, and one has to give way.
      let others = (0..<53).map { _ in
        let other = RawConnection(port: port)
        return other.map { Self.ask($0) } ?? false ? other : nil
      }
      return [
        others.allSatisfy { $0 != nil }, strangers.allSatisfy { $0.isEnded(within: 120_000) }, neighbours.allSatisfy { Self.ask($0) },
      ]
    }
    #expect(answers == [true, true, true])
    await server.stop(within: .seconds(5))
  }

  private static let isSlow = ProcessInfo.processInfo.environment["MASTERY_IDLE"] != nil

  @Test(
    "64 connections that rest about as long as a sidecar keeps them all serve when they are then used at once",
    .enabled(if: isSlow, "set MASTERY_IDLE to wait a minute and a half for each"), arguments: [60.0, 90.0])
  func longRest(seconds: Double) async throws {
    // The default settings.
    let server = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: application)
    let port = server.port
    let served = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          await onThread {
            guard let connection = RawConnection(port: port), Self.ask(connection) else { return false }
            let rest = seconds - 0.1 + 0.2 * Double(number) / 63
            Thread.sleep(forTimeInterval: rest)
            return Self.ask(connection)
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(served == 64)
    await server.stop(within: .seconds(5))
  }
}
