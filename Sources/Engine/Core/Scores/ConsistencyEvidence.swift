import Glibc

/// How steadily a student works, as counted by another service.
public struct ConsistencyEvidence: Hashable, Sendable {
  /// Length of the current streak.
  public let currentStreak: Int
  /// Length of the longest streak.
  public let maxStreak: Int
  /// Days since the student was last active.
  public let daysSinceLastActivity: Double

  /// Creates evidence from the counts in an event or request.
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
    // `-0` becomes `0`, so that equal evidence is written alike.
    self.daysSinceLastActivity = daysSinceLastActivity + 0
  }

  /// The current streak as a share of the longest, less a tenth for each day without activity; 0 without any streak.
  public var score: Score {
    guard maxStreak > 0 else { return .zero }
    return Self.score(streak: currentStreak, longest: maxStreak, idleDays: daysSinceLastActivity)
  }

  /// The scoring rule, also used for derived consistency.
  static func score(streak: Int, longest: Int, idleDays: Double) -> Score {
    Score(clamping: Double(streak) / Double(longest) * pow(0.9, idleDays))
  }
}
