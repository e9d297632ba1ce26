import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing

/// How the sidecar shuts down, as recorded.
@Suite("The sidecar's shutdown")
struct ShutdownTests {
  private static let single = #"[{"pubsubname":"pubsub","topic":"t","route":"/t"}]"#
  /// Failed messages go to the dead letters at once, so a delivery that is cut off must not count as failed.
  private static let bulk = """
    [{"pubsubname":"pubsub","topic":"t","route":"/t","deadLetterTopic":"dead",
      "bulkSubscribe":{"enabled":true,"maxMessagesCount":1,"maxAwaitDurationMs":10}}]
    """
  private static let success: ScriptedApp.Script = { _, _ in .text(#"{"status":"SUCCESS","statuses":[{"entryId":"0","status":"SUCCESS"}]}"#)
  }

  /// Whether the sidecar answers on its port.
  private static func answers(_ rig: Rig) async -> Bool {
    let call = HTTPCall("GET", "http://127.0.0.1:\(rig.sidecar.port)/v1.0/healthz/outbound", deadline: 120_000)
    return (try? await rig.client.send(call))?.status == 204
  }

  /// How many messages wait in a folder for an app that is away.
  private static func left(in data: String) async throws -> Int? {
    let rig = try await Rig { settings in
      settings.data = data
      settings.appPort = 9
    }
    defer { rig.client.stop() }
    let left = rig.sidecar.statistics["t"]?.undelivered
    await rig.stop()
    return left
  }

  @Test("A stopping sidecar closes its API at once, but waits for a single delivery and counts its answer")
  func single() async throws {
    let data = try Rig.folder()
    let app = ScriptedApp(subscriptions: Self.single, held: "/t", Self.success)
    let rig = try await Rig(app: app) { $0.data = data }
    #expect(try await rig.publish("t", "{}") == 204)
    await app.heard(1)
    #expect(await Self.answers(rig))
    async let end: Void = rig.sidecar.stop(within: .seconds(600))
    // A handler's calls are refused while the app still works on its answer.
    while await Self.answers(rig) { try await Task.sleep(for: .milliseconds(50)) }
    app.release()
    await end
    #expect(app.calls.count == 1)
    await rig.stop()
    #expect(try await Self.left(in: data) == 0)
  }

  @Test("A single delivery that takes too long during the shutdown fails and comes again")
  func tooLong() async throws {
    let data = try Rig.folder()
    let app = ScriptedApp(subscriptions: Self.single, delays: ["/t": .seconds(60)], Self.success)
    let rig = try await Rig(app: app) { $0.data = data }
    #expect(try await rig.publish("t", "{}") == 204)
    await app.heard(1)
    await rig.sidecar.stop(within: .milliseconds(300))
    #expect(try await Self.left(in: data) == 1)
    await rig.stop()
  }

  @Test("A bulk delivery in flight is cut off at once by the shutdown, and comes again")
  func bulk() async throws {
    let data = try Rig.folder()
    let app = ScriptedApp(subscriptions: Self.bulk, delays: ["/t": .seconds(90)], Self.success)
    let rig = try await Rig(app: app) { $0.data = data }
    #expect(try await rig.publish("t", "{}") == 204)
    await app.heard(1)
    let began = ContinuousClock.now
    // Told to block, it lives long enough for its own call's failure to arrive.
    await rig.sidecar.stop(within: DevSidecar.graceForDeliveries, blockingFor: .seconds(1))
    #expect(ContinuousClock.now - began < .seconds(60))
    #expect(try await Self.left(in: data) == 1)
    await rig.stop()
  }

  @Test("A sidecar told to block its shutdown is unhealthy but keeps working, and delivers nothing")
  func block() async throws {
    let app = ScriptedApp(subscriptions: Self.single, Self.success)
    let rig = try await Rig(app: app)
    #expect(try await rig.publish("t", "{}") == 204)
    await rig.sidecar.idle()
    let began = ContinuousClock.now
    async let end: Void = rig.sidecar.stop(within: .seconds(1), blockingFor: .seconds(40))
    try await Task.sleep(for: .milliseconds(300))
    #expect(try await rig.call("GET", "/v1.0/healthz").text.contains("ERR_HEALTH_NOT_READY"))
    #expect(await Self.answers(rig))
    #expect(try await rig.call("POST", "/v1.0/state/statestore", #"[{"key":"k","value":1}]"#).status == 204)
    #expect(try await rig.publish("t", "{}") == 204)
    await end
    #expect(ContinuousClock.now - began > .seconds(40))
    #expect(await !Self.answers(rig))
    #expect(app.calls.count == 1)
    await rig.stop()
  }
}
