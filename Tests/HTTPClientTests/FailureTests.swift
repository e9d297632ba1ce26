import Foundation
import HTTPClient
import HTTPServer
import Testing
import WireTesting

@Suite("Calls that are not answered")
struct FailureTests {
  @Test("A call to a port where nobody listens fails as unreachable")
  func unreachable() async throws {
    let port = try reservedPort()
    let client = try HTTPClient()
    do throws(HTTPClientFailure) {
      _ = try await client.send(HTTPCall("GET", "http://127.0.0.1:\(port)/", deadline: 120_000))
      Issue.record("answered")
    } catch {
      guard case .unreachable = error else {
        Issue.record("\(error)")
        return
      }
    }
    client.stop()
  }

  @Test("A call without an answer within its deadline fails as timed out")
  func timedOut() async throws {
    let listener = RawListener(nil)
    defer { listener.close() }
    let client = try HTTPClient()
    await #expect(throws: HTTPClientFailure.timedOut) {
      _ = try await client.send(HTTPCall("GET", "http://127.0.0.1:\(listener.port)/", deadline: 50))
    }
    client.stop()
  }

  @Test("A server whose certificate nobody vouches for is not believed, unless the call does not ask for that")
  func unknownCertificate() async throws {
    let (tls, folder) = try await OpenSSL.certificate()
    defer { try? FileManager.default.removeItem(at: folder) }
    let application = ScriptedApplication { _ in .text("served") }
    let server = try application.serve { $0.tls = tls }
    let client = try HTTPClient()
    // Neither the issuer nor the name fits.
    var call = HTTPCall("GET", "https://127.0.0.1:\(server.port)/", deadline: 120_000)
    for _ in 0..<2 {
      call.provesServer = false
      #expect(try await client.send(call).status == 200)
      // The connection that stands open would do, but not for a call that asks for proof.
      call.provesServer = true
      do throws(HTTPClientFailure) {
        _ = try await client.send(call)
        Issue.record("answered")
      } catch {
        guard case .broken = error else {
          Issue.record("\(error)")
          return
        }
      }
    }
    #expect(application.requests.count == 2)
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("The deadline covers the whole answer, however steadily it trickles in")
  func drips() async throws {
    let listener = RawListener { _, connection in
      _ = connection.receive()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
      while connection.send("x"), !connection.isEnded(within: 10) {}
    }
    defer { listener.close() }
    let client = try HTTPClient()
    await #expect(throws: HTTPClientFailure.timedOut) {
      _ = try await client.send(HTTPCall("GET", "http://127.0.0.1:\(listener.port)/", deadline: 300))
    }
    client.stop()
  }

  @Test("A call that waits for a connection waits no longer than its deadline")
  func waitsForConnection() async throws {
    let gate = Gate()
    let server = try ScriptedApplication { request in
      if request.head.target == "/slow" { await gate.pass() }
      return .text("served")
    }.serve()
    let client = try HTTPClient(connections: 1)
    let url = "http://127.0.0.1:\(server.port)"
    async let slow = client.send(HTTPCall("GET", url + "/slow", deadline: 60_000))
    await gate.awaitArrivals()
    // The only connection is taken until the gate opens, which happens after this call has ended.
    await #expect(throws: HTTPClientFailure.timedOut) { _ = try await client.send(HTTPCall("GET", url + "/", deadline: 50)) }
    gate.open()
    #expect(try await slow.status == 200)
    client.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("Stopping the client ends running and waiting calls, and later calls fail the same way")
  func stop() async throws {
    let gate = Gate()
    let server = try ScriptedApplication { _ in
      await gate.pass()
      return .text("served")
    }.serve()
    let client = try HTTPClient(connections: 2)
    let url = "http://127.0.0.1:\(server.port)/"
    let calls = (0..<10).map { _ in Task { try await client.send(HTTPCall("GET", url, deadline: 60_000)) } }
    await gate.awaitArrivals(2)
    client.stop()
    for call in calls { await #expect(throws: HTTPClientFailure.stopped) { _ = try await call.value } }
    await #expect(throws: HTTPClientFailure.stopped) { _ = try await client.send(HTTPCall("GET", url, deadline: 60_000)) }
    client.stop()
    gate.open()
    await server.stop(within: .seconds(5))
  }

  @Test("Every call ends if the client stops in the middle of many")
  func stopUnderLoad() async throws {
    let server = try ScriptedApplication { _ in .text("served") }.serve()
    let url = "http://127.0.0.1:\(server.port)/"
    for round in 0..<20 {
      let client = try HTTPClient(connections: 4)
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask {
            if number == 2 * round { client.stop() }
            do throws(HTTPClientFailure) {
              return try await client.send(HTTPCall("GET", url, deadline: 60_000)).status == 200
            } catch {
              return error == .stopped
            }
          }
        }
        for await isPlain in group { #expect(isPlain) }
      }
    }
    await server.stop(within: .seconds(5))
  }

  @Test("A client that nobody holds any more ends its thread, and a running call keeps it until then")
  func released() async throws {
    let server = try ScriptedApplication { _ in .text("served") }.serve()
    for _ in 0..<50 {
      let answer = try await HTTPClient().send(HTTPCall("GET", "http://127.0.0.1:\(server.port)/", deadline: 120_000))
      #expect(answer.status == 200)
    }
    await server.stop(within: .seconds(5))
  }

  @Test(
    "A call to an address that is not one fails as broken", arguments: ["", "http://", "file:///etc/hostname", "http://127.0.0.1:99999/"])
  func badAddress(url: String) async throws {
    let client = try HTTPClient()
    await #expect(throws: HTTPClientFailure.self) { _ = try await client.send(HTTPCall("GET", url, deadline: 5_000)) }
    client.stop()
  }
}
