internal import JSON
internal import MasteryCore

/// How often an event has been deferred, and the findings so far.
struct Deferrals: Sendable, Equatable {
  /// Not deferred yet.
  static let none = Deferrals(count: 0, failures: 0, copies: 0, judgedAt: nil, beganAt: nil)
  private static let range: ClosedRange<Int64> = 0...1_000_000

  /// Number of deferrals.
  let count: Int
  /// Number of deferrals since the last wait for something that is certain to end, such as the rollout of the release that can read the
  /// student's document.
  ///
  /// Only these count towards the dead letters: the first failure after days of legitimate waiting counts as one try.
  let failures: Int
  /// Number of earlier copies put at the end of the topic.
  let copies: Int
  /// The latest time at which the event's own time was judged.
  ///
  /// An event that one process found not to be in the future stays accepted by another process whose clock is behind.
  let judgedAt: Timestamp?
  /// When the event was first deferred; nil if it has not been, or an earlier release did so.
  ///
  /// The same event, sent again after it became a dead letter, waits anew: its copies must not count as earlier ones.
  let beganAt: Timestamp?

  private init(count: Int, failures: Int, copies: Int, judgedAt: Timestamp?, beganAt: Timestamp?) {
    self.count = count
    self.failures = failures
    self.copies = copies
    self.judgedAt = judgedAt
    self.beganAt = beganAt
  }

  /// Reads the values of a deferred event; nil if they are unusable.
  init?(_ data: JSONValue) {
    guard let count = data["retry_count"]?.integer, count > 0, Self.range.contains(count) else { return nil }
    let failures = data["failures"]?.integer ?? count
    let copies = data["copies"]?.integer ?? 0
    guard Self.range.contains(failures), WaitingCopy.numbers.contains(copies) else { return nil }
    let judgedAt = data["judged_at"]?.integer.flatMap { Timestamp(exactly: $0) }
    let beganAt = data["first_deferred_at"]?.integer.flatMap { Timestamp(exactly: $0) }
    self.init(count: Int(count), failures: Int(failures), copies: Int(copies), judgedAt: judgedAt, beganAt: beganAt)
  }

  /// Whether the next failure is the last.
  var areExhausted: Bool { failures >= DeferredEvent.waits.count }

  /// The time to judge the event by.
  func judging(at now: Timestamp) -> Timestamp { max(now, judgedAt ?? now) }

  /// The values after one more deferral.
  ///
  /// - Parameters:
  ///   - isEndless: Whether the event waits without limit.
  ///   - now: The time.
  /// - Returns: The values for the deferred event.
  func next(isEndless: Bool, at now: Timestamp) -> Deferrals {
    Deferrals(
      count: min(count + 1, Int(Self.range.upperBound)), failures: isEndless ? 0 : failures + 1, copies: copies + 1,
      judgedAt: judging(at: now), beganAt: count == 0 ? now : beganAt)
  }

  /// The values of another copy, put at the end of the topic without a try.
  var copied: Deferrals {
    Deferrals(count: count, failures: failures, copies: copies + 1, judgedAt: judgedAt, beganAt: beganAt)
  }
}
