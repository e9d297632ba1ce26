import Glibc

/// How steadily a student works, as another service counted it.
public struct ConsistencyEvidence: Hashable, Sendable {
  /// The length of the running streak.
  public let currentStreak: Int
  /// The length of the longest streak.
  public let maxStreak: Int
  /// Days since the student was last active.
  public let daysSinceLastActivity: Double

  /// Takes the counts of an event or request.
  ///
  /// - Throws: `OutOfRange` unless 0 ≤ current streak ≤ longest streak and the days are finite and not negative.
  public init(currentStreak: Int, maxStreak: Int, daysSinceLastActivity: Double) throws(OutOfRange) {
    try OutOfRange.unless(maxStreak >= 0, "max_streak", maxStreak, "an integer of at least 0")
    try OutOfRange.unless((0...maxStreak).contains(currentStreak), "current_streak", currentStreak, "an integer from 0 to max_streak")
    try OutOfRange.unless(
      daysSinceLastActivity >= 0 && daysSinceLastActivity.isFinite, "days_since_last_activity", daysSinceLastActivity,
      "a number of days, 0 or more")
    self.currentStreak = currentStreak
    self.maxStreak = maxStreak
    self.daysSinceLastActivity = daysSinceLastActivity
  }

  /// The running streak's share of the longest, a tenth less for each day without activity; 0 without any streak.
  public var score: Score {
    guard maxStreak > 0 else { return .zero }
    return Self.score(streak: currentStreak, longest: maxStreak, idleDays: daysSinceLastActivity)
  }

  /// The rule itself, which derived consistency shares.
  static func score(streak: Int, longest: Int, idleDays: Double) -> Score {
    Score(clamping: Double(streak) / Double(longest) * pow(0.9, idleDays))
  }
}
