import DaprClient
import MasteryService
import Synchronization
import Testing

@testable import Commands

@Suite("The start's report on encryption")
struct StoreProbeTests {
  /// Runs a probe against a store that gives these answers in turn; nil stands for no answer.
  private func lines(_ told: [Bool?], in environment: Configuration.Environment) async -> (lines: [String], pauses: [Int]) {
    let clock = SteppedClock("2026-11-21T10:00:00Z")
    let lines = LogLines()
    let rest = Mutex(told)
    let probe = StoreProbe(
      encrypts: { (_) async throws(SidecarFailure) in
        guard let next = rest.withLock({ $0.removeFirst() }) else { throw .timedOut }
        return next
      }, name: "statestore", environment: environment, runtime: clock.runtime, log: lines.log)
    await probe.run()
    return (lines.all, clock.pauses)
  }

  @Test("The start logs in one line whether the store encrypts, and warns in production if it does not")
  func line() async {
    for (encrypts, environment, level) in [
      (true, Configuration.Environment.production, "info"), (false, .production, "warning"), (false, .staging, "info"),
      (false, .development, "info"), (true, .development, "info"),
    ] {
      let (lines, pauses) = await lines([encrypts], in: environment)
      #expect(lines.count == 1 && pauses.isEmpty)
      #expect(lines[0].contains(level) && lines[0].contains("statestore"))
      #expect(lines[0].contains("does not encrypt") == !encrypts)
      #expect(lines[0].contains("primaryEncryptionKey") == (level == "warning"))
    }
  }

  @Test("The start reports on encryption as soon as the store answers, with ever rarer tries")
  func late() async {
    let (lines, pauses) = await lines([nil, nil, nil, nil, nil, nil, nil, nil, true], in: .production)
    #expect(lines.count == 1)
    #expect(pauses == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  }
}
