internal import Synchronization

/// One copy of a waiting message: each time the message is put at the end of its topic, there is a new copy.
struct WaitingCopy: Sendable {
  /// The waiting message; the same for all copies.
  let message: String
  /// Orders messages of which a later one replaces the earlier ones; the same for all copies of a message, and 0 if unknown.
  var generation: Int64 = 0
  /// Number of earlier copies.
  let number: Int
  /// The copy's own id.
  let id: String

  /// Numbers that a message may bring: so many are never made, and the next one after any of them can be counted.
  static let numbers: ClosedRange<Int64> = 0...1 << 53

  /// Whether this copy replaces the other: the later one does, and of two equally late ones the one with the smaller id.
  ///
  /// An unknown generation counts as the same: a copy that an earlier release put back belongs to the message that it got.
  fileprivate func supersedes(_ other: WaitingCopy) -> Bool {
    guard generation == other.generation || generation == 0 || other.generation == 0 else { return generation > other.generation }
    return (-number, id) < (-other.number, other.id)
  }
}

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
