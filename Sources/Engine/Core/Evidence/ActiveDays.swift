/// The consistency of a student's active days, counted in one forward pass.
struct ActiveDays {
  private var last: Day?
  private var streak = 0
  private var longest = 0
  private var skipped = 0

  /// Counts a day, which must be later than all before it.
  mutating func append(_ day: Day) {
    skipped = last.map { $0.distance(to: day) - 1 } ?? 0
    streak = skipped == 0 ? streak + 1 : 1
    longest = max(longest, streak)
    last = day
  }

  /// The streak that ends on the last active day as a share of the longest, less a tenth for each day skipped right before that last day;
  /// nil without an active day.
  var consistency: Score? {
    guard last != nil else { return nil }
    return ConsistencyEvidence.score(streak: streak, longest: longest, idleDays: Double(skipped))
  }
}
