import MasteryService
import Testing

@testable import Commands

@Suite("The start's wait for the sidecar")
struct SidecarWaitTests {
  @Test("The start warns at once and every 5 seconds while the sidecar is missing")
  func reminders() async {
    let clock = SteppedClock("2026-11-21T10:00:00Z")
    let lines = LogLines()
    let wait = SidecarWait(
      sidecar: ScriptedBroker(ready: [Bool](repeating: false, count: 250)), endpoint: "http://sidecar", runtime: clock.runtime,
      log: lines.log)
    #expect(await wait.end())
    // 250 requests with 50 ms between them take 12.5 s: lines at 0, 5 and 10 s, then one that it is there.
    #expect(lines.all.count == 4)
    #expect(lines.all.prefix(3).allSatisfy { $0.contains("warning") && $0.contains("http://sidecar") })
    #expect(lines.all.last?.contains("ready") == true)
  }

  @Test("The start does not warn if the sidecar is there")
  func ready() async {
    let lines = LogLines()
    let clock = SteppedClock("2026-11-21T10:00:00Z")
    #expect(await SidecarWait(sidecar: ScriptedBroker(), endpoint: "x", runtime: clock.runtime, log: lines.log).end())
    #expect(lines.all.count == 1)
    #expect(clock.pauses.isEmpty)
  }
}
