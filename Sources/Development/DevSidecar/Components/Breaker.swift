/// A circuit breaker as a value: after several failures in a row it rejects calls for a while.
///
/// The time is passed in, in milliseconds.
struct Breaker: Sendable {
  private let policy: BreakerPolicy
  private var failures = 0
  private var openUntil: Int64?

  init(_ policy: BreakerPolicy) {
    self.policy = policy
  }

  /// Whether calls are rejected at once; after the pause one call is tried, and its outcome decides.
  mutating func isOpen(at now: Int64) -> Bool {
    guard let openUntil else { return false }
    guard openUntil <= now else { return true }
    self.openUntil = nil
    failures = policy.failures - 1
    return false
  }

  mutating func note(failed: Bool, at now: Int64) {
    failures = failed ? failures + 1 : 0
    if failures >= policy.failures { openUntil = now + policy.pause }
  }
}
