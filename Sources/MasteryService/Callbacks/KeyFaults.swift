internal import MasteryCore
internal import Synchronization

/// Remembers since when a student's key cannot be read while others can, so that one key never stops a partition for ever; bounded.
final class KeyFaults: Sendable {
  /// How long a key may fail before its events go to the dead letters, in milliseconds.
  static let patience: Int64 = 15 * 60_000
  /// Keys that are remembered at the most; beyond, further ones just keep being tried.
  private static let limit = 10_000

  private let since = Mutex<[StudentKey: Timestamp]>([:])

  /// Takes note that a key failed; true when it has done so for too long while others answered.
  func isLasting(_ key: StudentKey, othersAnswered: Bool, now: Timestamp) -> Bool {
    since.withLock { since in
      guard othersAnswered else {
        // An outage says nothing about the key: its patience begins anew.
        since[key] = nil
        return false
      }
      guard let first = since[key] else {
        if since.count < Self.limit { since[key] = now }
        return false
      }
      return now >= first.adding(milliseconds: Self.patience)
    }
  }

  /// The key was read.
  func clear(_ key: StudentKey) {
    since.withLock { if !$0.isEmpty { $0[key] = nil } }
  }
}
