internal import MasteryCore
internal import Synchronization

/// When a message that cannot be worked off yet goes to the end of its topic, so that it holds up nobody behind it.
///
/// How long it has been there stands in it, by the clock of whoever put it there. Where that clock is not this one, nothing is known but
/// for how long this process has met the message.
final class PutBackRule: Sendable {
  /// How long a message has been at the end of its topic.
  struct Age: Sendable, Hashable {
    /// Milliseconds for which it has been there, or for which it is known to have been.
    let waited: Int64
    /// Whether the message itself says so, by a clock that may be this one.
    let isTold: Bool
  }

  /// A message that was put at the end so lately, in milliseconds, is not put there again: the broker's backoff does the waiting.
  private static let round: Int64 = 2_000
  /// A time that lies ahead, or so many milliseconds back, is another clock's: nothing waits nearly as long.
  private static let reach: Int64 = 3_600_000
  /// Messages whose first meeting is remembered at least.
  private static let limit = 10_000

  private let met = Mutex(RecentValues<String, Timestamp>(limit: limit))

  /// How long a message has been at the end of its topic.
  ///
  /// - Parameters:
  ///   - queuedAt: When it was put there, as it says itself.
  ///   - now: The time.
  ///   - name: Its name, the same at each delivery; asked for only where the message itself says nothing of use.
  /// - Returns: Its age.
  func age(queuedAt: Timestamp, now: Timestamp, name: () -> String) -> Age {
    let told = now.milliseconds - queuedAt.milliseconds
    if (0..<Self.reach).contains(told) { return Age(waited: told, isTold: true) }
    let name = name()
    let first = met.withLock { met in
      let first = met[name] ?? now
      if met[name] == nil { met.insert(now, for: name) }
      return first
    }
    return Age(waited: max(0, now.milliseconds - first.milliseconds), isTold: false)
  }

  /// Whether a message of that age may go to the end again.
  ///
  /// Where an order is kept, a partition is one process's: it puts a message of another clock at the end at once, and knows its age from
  /// then on. Elsewhere the next one to meet it may be the other clock again, and nothing stands behind it.
  func allows(_ age: Age, isOrdered: Bool) -> Bool { age.waited >= Self.round || isOrdered && !age.isTold }
}
