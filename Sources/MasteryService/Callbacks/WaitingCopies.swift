internal import Synchronization

/// One copy of a message that waits: each time it is put at the end of its topic there is a new one.
struct WaitingCopy: Sendable {
  /// What waits; the same for all copies.
  let message: String
  /// What orders messages of which a later one stands for those before it; the same for all copies of one.
  var generation: Int64 = 0
  /// How many copies came before it.
  let number: Int
  /// The name of the copy itself.
  let id: String

  /// Whether this one takes the other's place: the later of two, and of two equally late ones the one whose name comes first.
  fileprivate func supersedes(_ other: WaitingCopy) -> Bool { (-generation, -number, id) < (-other.generation, -other.number, other.id) }
}

/// The latest copies of waiting messages that the broker took, so that earlier ones are dropped.
///
/// A copy is acknowledged once the next one is with the broker. Where that acknowledgement is lost, both come again and both are put
/// back, and so on: a message that waits long would multiply. Dropping one is safe, since the copy that supersedes it is with the broker
/// and is dropped only for a copy that supersedes that one in turn.
final class WaitingCopies: Sendable {
  /// Messages that are remembered at least.
  private static let limit = 10_000

  private let latest = Mutex(RecentValues<String, WaitingCopy>(limit: limit))

  /// Whether the broker took a copy that supersedes this one.
  func isSuperseded(_ copy: WaitingCopy) -> Bool {
    latest.withLock { $0[copy.message]?.supersedes(copy) ?? false }
  }

  /// Forgets what needs to wait no longer.
  func forget(_ copy: WaitingCopy) { latest.withLock { $0.remove(copy.message) } }

  /// Takes note of a copy that the broker took.
  func note(_ copy: WaitingCopy) {
    latest.withLock { latest in
      if let known = latest[copy.message], !copy.supersedes(known) { return }
      latest.insert(copy, for: copy.message)
    }
  }
}
