internal import MasteryCore
internal import Synchronization

/// Remembers since when a student's key cannot be read while others can, so that one key never stops a partition for ever; bounded.
final class UnreadableKeys: Sendable {
  /// How long a key may fail before its events go to the dead letters, in milliseconds.
  ///
  /// A failure counts as long for the next one: whoever has not asked for longer does not know whether others could read the key.
  static let patience: Int64 = 15 * 60_000
  /// How long a key that has failed so long is known for one, in milliseconds, if nobody reads it meanwhile.
  ///
  /// Where letters of several such students stand in line, each waits for those before it and cannot ask: one would be as new as the other.
  private static let memory: Int64 = 2 * 3_600_000
  /// Keys that are remembered at the most; beyond, further ones just keep being tried.
  private static let limit = 10_000

  private struct Fault {
    let since: Timestamp
    var last: Timestamp

    /// Whether it is still the same failure at a moment, though nobody has asked since the last one.
    func holds(at moment: Timestamp) -> Bool {
      moment
        <= last.adding(
          milliseconds: last >= since.adding(milliseconds: UnreadableKeys.patience) ? UnreadableKeys.memory : UnreadableKeys.patience)
    }
  }

  private let faults = Mutex<[StudentKey: Fault]>([:])

  /// Takes note that a key failed; true when it has done so for too long while others answered.
  func isLasting(_ key: StudentKey, othersAnswered: Bool, now: Timestamp) -> Bool {
    faults.withLock { faults in
      guard othersAnswered else {
        // An outage says nothing about the key: its patience begins anew.
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

  /// Takes note of those keys that were read.
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
