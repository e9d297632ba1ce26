internal import MasteryCore
internal import Synchronization

/// Remembers since when a student's key cannot be read while others can, so that one key never stops a partition for ever; bounded.
final class KeyFaults: Sendable {
  /// How long a key may fail before its events go to the dead letters, in milliseconds.
  ///
  /// A failure counts as long for the next one: whoever has not asked for longer does not know whether others could read the key.
  static let patience: Int64 = 15 * 60_000
  /// Keys that are remembered at the most; beyond, further ones just keep being tried.
  private static let limit = 10_000

  private struct Fault {
    let since: Timestamp
    var last: Timestamp
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
      guard let fault = faults[key], now <= fault.last.adding(milliseconds: Self.patience) else {
        if faults[key] != nil || faults.count < Self.limit { faults[key] = Fault(since: now, last: now) }
        return false
      }
      faults[key]?.last = now
      return now >= fault.since.adding(milliseconds: Self.patience)
    }
  }

  /// The key was read.
  func clear(_ key: StudentKey) {
    faults.withLock { if !$0.isEmpty { $0[key] = nil } }
  }
}
