internal import MasteryCore

/// Decides when a message that cannot be processed yet goes to the end of its topic, so that it holds up no message behind it.
///
/// The message states when it was put there, by the clock of the process that did so. If that clock differs from this one, the only known
/// age is the time since this process first met the message.
final class PutBackRule: Sendable {
  /// How long a message has been at the end of its topic.
  struct Age: Sendable, Hashable {
    /// Milliseconds for which it has been there, or is known to have been.
    let waited: Int64
    /// Whether the age comes from the message itself, and its clock may agree with this one.
    let isTold: Bool
  }

  /// A message put at the end less than this many milliseconds ago is not put there again: the broker's backoff does the waiting.
  private static let round: Int64 = 2_000
  /// A time in the future, or more than this many milliseconds ago, comes from another clock: nothing waits nearly that long.
  private static let reach: Int64 = 3_600_000

  private let meetings = FirstMeetings()

  /// How long a message has been at the end of its topic.
  ///
  /// - Parameters:
  ///   - queuedAt: When it was put there, according to the message.
  ///   - now: The time.
  ///   - name: Its name, the same at each delivery; evaluated only if the message's own time is unusable.
  /// - Returns: Its age.
  func age(queuedAt: Timestamp, now: Timestamp, name: () -> String) -> Age {
    let told = now.milliseconds - queuedAt.milliseconds
    if (0..<Self.reach).contains(told) { return Age(waited: told, isTold: true) }
    return Age(waited: meetings.waited(name(), now: now), isTold: false)
  }

  /// Whether a message of that age may go to the end again.
  ///
  /// With ordered delivery, a partition belongs to one process: it puts a message from another clock at the end immediately, and knows its
  /// age from then on. Without it, the next process to meet the message may have the other clock again, and no message is held up behind
  /// it.
  func allows(_ age: Age, isOrdered: Bool) -> Bool { age.waited >= Self.round || isOrdered && !age.isTold }
}
