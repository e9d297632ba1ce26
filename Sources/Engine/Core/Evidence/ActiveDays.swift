/// The consistency of a student's active days, counted in one forward pass.
struct ActiveDays {
  private var last: (day: Day, offset: UTCOffset)?
  /// The streak that ends on the last active day.
  private(set) var streak = 0
  /// The longest streak.
  private(set) var longest = 0
  /// The days skipped right before the last active day.
  private(set) var skipped = 0

  /// The last active day; nil if there is none.
  var lastDay: Day? { last?.day }

  /// Counts a day, which must be later than all before it, with the offset of its clocks.
  ///
  /// A day that the clocks left out is not skipped: when Samoa moved west of the date line, 29 December 2011 was followed by the 31st.
  mutating func append(_ day: Day, _ offset: UTCOffset) {
    skipped = last.map { max(0, $0.day.distance(to: day) - 1 - $0.offset.daysLeftOut(before: offset)) } ?? 0
    streak = skipped == 0 ? streak + 1 : 1
    longest = max(longest, streak)
    last = (day, offset)
  }

  /// The streak that ends on the last active day as a share of the longest, less a tenth for each day skipped right before that last day;
  /// nil without an active day.
  var consistency: Score? {
    guard last != nil else { return nil }
    return ConsistencyEvidence.score(streak: streak, longest: longest, idleDays: Double(skipped))
  }
}
