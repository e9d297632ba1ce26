internal import MasteryCore

/// When a message that cannot be worked off yet goes to the end of its topic, so that it holds up nobody behind it.
enum PutBackRule {
  /// A message that was put at the end so lately, in milliseconds, is not put there again: the broker's backoff does the waiting.
  private static let round: Int64 = 2_000

  /// Whether a message that came to the end at a time may go there again.
  static func allows(queuedAt: Timestamp, now: Timestamp) -> Bool { now >= queuedAt.adding(milliseconds: round) }
}
