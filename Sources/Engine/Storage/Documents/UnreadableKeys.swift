internal import MasteryCore
internal import Synchronization

/// Remembers since when a student's key has been unreadable while others are readable, so that one key never stops a partition forever;
/// bounded.
final class UnreadableKeys: Sendable {
  /// How long a key may fail before its events go to the dead letters, in milliseconds.
  ///
  /// Failures further apart than this do not count as one: a process that has not asked in between does not know whether the key was
  /// readable.
  static let patience: Int64 = 15 * 60_000
  /// How long a key that has failed that long is remembered, in milliseconds, if nobody reads it in the meantime.
  ///
  /// If letters of several such students are queued, each waits for those before it and cannot ask, so each would otherwise count as a new
  /// failure.
  private static let memory: Int64 = 2 * 3_600_000
  /// Maximum number of remembered keys; further ones are simply retried.
  private static let limit = 10_000

  private struct Fault {
    let since: Timestamp
    var last: Timestamp

    /// Whether it still counts as the same failure, although nobody has asked since the last one.
    func holds(at moment: Timestamp) -> Bool {
      let isLasting = last >= since.adding(milliseconds: UnreadableKeys.patience)
      return moment <= last.adding(milliseconds: isLasting ? UnreadableKeys.memory : UnreadableKeys.patience)
    }
  }

  private let faults = Mutex<[StudentKey: Fault]>([:])

  /// Records that a key failed; true if it has failed for too long while others were readable.
  func isLasting(_ key: StudentKey, othersAnswered: Bool, now: Timestamp) -> Bool {
    faults.withLock { faults in
      guard othersAnswered else {
        // An outage says nothing about the key, so its patience starts over.
        faults[key] = nil
        return false
      }
      guard let fault = faults[key], fault.holds(at: now) else {
        if faults[key] != nil || faults.count < Self.limit { faults[key] = Fault(since: now, last: now) }
        return false
      }
      faults[key]?.last = now
      return now >= fault.since.adding(milliseconds: Self.patience)
    }
  }

  /// Records which keys were read successfully.
  func clear(_ read: some Sequence<(StudentKey, StudentStore.Found)>) {
    faults.withLock { faults in
      if faults.isEmpty { return }
      for (key, found) in read where faults[key] != nil {
        if case .failed = found.stored { continue }
        faults[key] = nil
      }
    }
  }
}
