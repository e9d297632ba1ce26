import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A key that cannot be read")
struct KeyFaultTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let minute: Int64 = 60_000
  private static let events = [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]

  private let stand = Stand()

  /// The events come once a minute and are not taken, until the 15 minutes are over but for a millisecond.
  private func failForLong(_ events: [String], _ expected: [String: String]) async {
    for _ in 0..<15 {
      #expect(await stand.deliver(events) == expected)
      stand.clock.step(Self.minute)
    }
    stand.clock.step(-1)
    #expect(await stand.deliver(events) == expected)
    #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
    stand.clock.step(1)
  }

  @Test("is given up when it fails for over 15 minutes while others answer, and not before")
  func lasting() async throws {
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    await failForLong(Self.events, ["0": "RETRY", "1": "SUCCESS"])
    #expect(await stand.deliver(Self.events) == ["0": "SUCCESS", "1": "SUCCESS"])
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["error_type"] as? String == "processing_error")
    #expect(stand.sidecar.stored(Self.key) == nil)
    stand.sidecar.recover()
    #expect(await stand.deliver(Self.events) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
  }

  @Test("is known from an outage when its events come alone, as they do when nothing else failed", arguments: [true, false])
  func alone(_ isOutage: Bool) async {
    let failing: Set = isOutage ? [Self.key, Readiness.probeKey] : [Self.key]
    stand.sidecar.always(.partly(without: failing), where: \.isLoad)
    await failForLong([Self.events[0]], ["0": "RETRY"])
    #expect(await stand.deliver([Self.events[0]]) == ["0": isOutage ? "RETRY" : "SUCCESS"])
    #expect(stand.sidecar.published(to: "mastery.dlq").count == (isOutage ? 0 : 1))
  }

  @Test("is patiently waited for anew after an outage of all", arguments: [true, false])
  func outage(_ failsWhole: Bool) async {
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    for _ in 0..<10 {
      _ = await stand.deliver(Self.events)
      stand.clock.step(Self.minute)
    }
    let all: Set = [Self.key, "student:s-2:profile:current_mastery", Readiness.probeKey]
    stand.sidecar.always(failsWhole ? .failed(.timedOut) : .partly(without: all), where: \.isLoad)
    _ = await stand.deliver(Self.events)
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    await failForLong(Self.events, ["0": "RETRY", "1": "SUCCESS"])
  }

  /// Another replica may have read it meanwhile.
  @Test("is patiently waited for anew when nobody asked for it for that long")
  func unasked() async {
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    #expect(await stand.deliver(Self.events) == ["0": "RETRY", "1": "SUCCESS"])
    stand.clock.step(20 * Self.minute)
    await failForLong(Self.events, ["0": "RETRY", "1": "SUCCESS"])
  }
}
