import Testing

@testable import DevSidecar

@Suite("The circuit breaker")
struct BreakerTests {
  @Test("The circuit breaker opens after the set number of failures in a row, and one call after the pause decides")
  func opens() {
    var breaker = Breaker(BreakerPolicy(failures: 2, pause: 100))
    func asked(_ now: Int64, failed: Bool) -> Bool {
      guard !breaker.isOpen(at: now) else { return false }
      breaker.note(failed: failed, at: now)
      return true
    }
    let steps: [(now: Int64, failed: Bool, asked: Bool)] = [
      (0, true, true), (1, false, true), (2, true, true), (3, true, true), (4, false, false), (102, false, false), (103, true, true),
      (104, false, false), (203, false, true), (204, true, true), (205, false, true),
    ]
    for step in steps {
      let wasAsked = asked(step.now, failed: step.failed)
      #expect(wasAsked == step.asked, "at \(step.now)")
    }
  }
}
