/// A student's mastery at the end of each calendar day of a window, starting with the first day for which anything is known.
public struct DailyHistory: Hashable, Sendable {
  /// The days in order, without gaps; empty if nothing is known.
  public let days: [HistoryDay]

  /// Computes each day from `first` through `last` in one forward pass.
  ///
  /// Days before the record's cutoff are left out. The history begins with the first day of evidence, or with the window if there is earlier
  /// evidence.
  public init(of record: EvidenceRecord, _ scope: EvidenceScope = .student, from first: Day, through last: Day) {
    let start = max(first, record.cutoff)
    guard start <= last else {
      days = []
      return
    }
    var walk = ScoreWalk(record, scope)
    walk.visit(through: start.advanced(by: -1))
    var days: [HistoryDay] = []
    days.reserveCapacity(start.distance(to: last) + 1)
    // Mastery changes with evidence only.
    var mastery = walk.isEmpty ? nil : Mastery(components: walk.components)
    for day in start...last {
      let hasEvidence = walk.visit(through: day)
      if hasEvidence { mastery = Mastery(components: walk.components) }
      guard let mastery else { continue }
      days.append(HistoryDay(day: day, mastery: mastery, hasEvidence: hasEvidence))
    }
    self.days = days
  }

  /// The last `count` calendar days up to and including `last`, as far as the history has them.
  public func window(days count: Int, endingOn last: Day) -> ArraySlice<HistoryDay> {
    let first = last.advanced(by: 1 - count)
    return days.drop { $0.day < first }.prefix { $0.day <= last }
  }

  /// The mean mastery over the last `count` calendar days up to and including `last`, from the first known day on; nil if none is known.
  public func historicalAverage(days count: Int = 30, endingOn last: Day) -> Double? {
    let window = window(days: count, endingOn: last)
    guard !window.isEmpty else { return nil }
    return window.reduce(0) { $0 + $1.mastery.value } / Double(window.count)
  }

  /// The mastery trend, from the days with evidence among the last `count` up to and including `last`.
  public func trend(days count: Int = 30, endingOn last: Day) -> Trend {
    Trend(of: window(days: count, endingOn: last).filter(\.hasEvidence).map { ($0.day, $0.mastery.value) }, over: count)
  }
}
