internal import Synchronization

/// The latest copies of waiting messages that the broker accepted, so that earlier ones are dropped.
///
/// A copy is acknowledged once the next one is with the broker. If that acknowledgement is lost, both are redelivered and both are put
/// back, and so on: a long-waiting message would multiply. Dropping a copy is safe, because the copy that replaces it is with the broker
/// and is only dropped in favour of a copy that replaces that one in turn.
final class WaitingCopies: Sendable {
  /// Minimum number of remembered messages.
  private static let limit = 10_000

  private let latest = Mutex(RecentValues<String, WaitingCopy>(limit: limit))

  /// Whether the broker accepted a copy that replaces this one.
  func isSuperseded(_ copy: WaitingCopy) -> Bool {
    latest.withLock { $0[copy.message]?.supersedes(copy) ?? false }
  }

  /// Forgets a message that no longer has to wait.
  func forget(_ copy: WaitingCopy) { latest.withLock { $0.remove(copy.message) } }

  /// Records a copy that the broker accepted.
  func note(_ copy: WaitingCopy) {
    latest.withLock { latest in
      if let known = latest[copy.message], !copy.supersedes(known) { return }
      latest.insert(copy, for: copy.message)
    }
  }
}
