internal import MasteryCore
internal import Synchronization

/// Remembers which results were shown to whom in the last minute, so that repeated polling of a job counts as one access.
final class PolledResults: Sendable {
  /// How long further polls count as the same access, in milliseconds.
  private static let window: Int64 = 60_000
  /// Number of polls remembered; a forgotten one is recorded once more.
  private static let capacity = 1 << 16

  private let table = Mutex(RateTable(capacity: capacity, window: window))

  /// Creates an empty memory.
  init() {}

  /// Whether a poll of a student's result is the first of its minute.
  ///
  /// - Parameters:
  ///   - caller: The caller.
  ///   - job: The job that is polled.
  ///   - student: The student whose result is shown.
  ///   - now: The time.
  /// - Returns: Whether the poll has to be recorded.
  func isFirst(of caller: Caller, _ job: String, _ student: StudentKey, now: Timestamp) -> Bool {
    var hasher = Hasher()
    hasher.combine(caller.schools)
    hasher.combine(caller.role)
    hasher.combine(ExactText(caller.subject))
    hasher.combine(job)
    hasher.combine(student)
    let key = UInt64(truncatingIfNeeded: hasher.finalize())
    return table.withLock { $0.take(key, limit: 1, now: now.milliseconds).isGranted }
  }
}
