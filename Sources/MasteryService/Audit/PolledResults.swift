internal import MasteryCore
internal import Synchronization

/// Whom results have shown in the last minute to whom: whoever asks how far a job is, again and again, makes one access of it.
final class PolledResults: Sendable {
  /// How long further looks are the same access, in milliseconds.
  private static let window: Int64 = 60_000
  /// Looks that are remembered; one that is forgotten is put on record once more.
  private static let capacity = 1 << 16

  private let table = Mutex(RateTable(capacity: capacity, window: window))

  /// Nothing has been shown yet.
  init() {}

  /// Whether a look at a student's result is the first of its minute.
  ///
  /// - Parameters:
  ///   - caller: Who looks.
  ///   - job: What is looked at.
  ///   - student: Whose result it shows.
  ///   - now: The time.
  /// - Returns: Whether it is one that is to be put on record.
  func isFirst(of caller: Caller, _ job: String, _ student: StudentKey, now: Timestamp) -> Bool {
    var hasher = Hasher()
    hasher.combine(caller.schools)
    hasher.combine(caller.role)
    hasher.combine(caller.subject)
    hasher.combine(job)
    hasher.combine(student)
    let key = UInt64(truncatingIfNeeded: hasher.finalize())
    return table.withLock { $0.take(key, limit: 1, now: now.milliseconds).isGranted }
  }
}
