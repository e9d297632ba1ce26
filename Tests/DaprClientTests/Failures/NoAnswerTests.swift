import DaprClient
import HTTPClient
import Testing
import WireTesting

@Suite("A sidecar that does not answer")
struct NoAnswerTests {
  private func client(_ port: UInt16, _ http: HTTPClient) -> DaprClient {
    DaprClient(endpoint: "http://127.0.0.1:\(port)", stateStore: "s", broker: BrokerComponents("p"), apiToken: nil, http: http)
  }

  /// The failure of each kind of call.
  private func failures(_ client: DaprClient, deadline: Int) async -> [SidecarFailure?] {
    let context = CallContext(deadline: deadline)
    let event = OutgoingEvent(body: Array("{}".utf8), contentType: "application/json", partitionKey: nil)
    return [
      await failure { () throws(SidecarFailure) in _ = try await client.load(["k"], context: context) { _, _ in 0 } },
      await failure { () throws(SidecarFailure) in try await client.save(items([10]), context: context) },
      await failure { () throws(SidecarFailure) in try await client.delete("k", etag: "1", context: context) },
      await failure { () throws(SidecarFailure) in try await client.transact([.delete(key: "k", etag: nil)], context: context) },
      await failure { () throws(SidecarFailure) in try await client.publish(event, to: "t", context: context) },
      await failure { () throws(SidecarFailure) in _ = try await client.publish([event], to: "t", context: context) },
      await failure { () throws(SidecarFailure) in
        _ = try await client.invoke(Invocation(app: "a", path: "p", method: "GET"), context: context)
      },
      await failure { () throws(SidecarFailure) in _ = try await client.secret("n", store: "s", context: context) },
      await failure { () throws(SidecarFailure) in _ = try await client.metadata(context: context) },
    ]
  }

  @Test("A sidecar call to a port where nobody listens fails as unreachable")
  func unreachable() async throws {
    let port = try reservedPort()
    let http = try HTTPClient()
    for failure in await failures(client(port, http), deadline: 120_000) {
      guard case .unreachable = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
    }
    #expect(await client(port, http).isReady(context: patient) == false)
    http.stop()
  }

  @Test("A sidecar call whose answer does not come in time fails as timed out")
  func timedOut() async throws {
    let listener = RawListener(nil)
    defer { listener.close() }
    let http = try HTTPClient()
    for failure in await failures(client(listener.port, http), deadline: 30) { #expect(failure == .timedOut) }
    #expect(await client(listener.port, http).isReady(context: CallContext(deadline: 30)) == false)
    http.stop()
  }

  @Test(
    "A sidecar call whose connection is cut before or within the answer fails as broken",
    arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{"])
  func broken(part: String) async throws {
    let listener = RawListener { _, connection in
      _ = connection.receive(until: "\r\n\r\n")
      connection.send(part)
    }
    defer { listener.close() }
    let http = try HTTPClient()
    for failure in await failures(client(listener.port, http), deadline: 120_000) {
      guard case .broken = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
    }
    http.stop()
  }
}
