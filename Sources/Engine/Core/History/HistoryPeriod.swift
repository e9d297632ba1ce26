/// A student's mean mastery over days that are shown as one period.
public struct HistoryPeriod: Hashable, Sendable {
  /// The first day of the period that is in the history.
  public let first: Day
  /// The mean mastery of the days.
  public let score: Double
  /// The mean of each component over the days on which it was known.
  public let components: ComponentValues<Score>
  /// Whether one of the days has evidence.
  public let hasEvidence: Bool

  /// The level that the score reaches.
  public var level: Level { Level.of(score) }

  /// Combines days, or returns nil if there are none.
  init?(_ days: ArraySlice<HistoryDay>) {
    guard let first = days.first else { return nil }
    self.first = first.day
    score = days.reduce(0) { $0 + $1.mastery.value } / Double(days.count)
    var components = ComponentValues<Score>()
    for component in Component.allCases {
      let known = days.compactMap { $0.components[component]?.value }
      if !known.isEmpty { components[component] = Score(clamping: known.reduce(0, +) / Double(known.count)) }
    }
    self.components = components
    hasEvidence = days.contains(where: \.hasEvidence)
  }
}

extension DailyHistory {
  /// The history divided into periods, in order.
  public func periods(_ aggregation: Aggregation) -> [HistoryPeriod] {
    var periods: [HistoryPeriod] = []
    var rest = days[...]
    while let first = rest.first {
      let together = rest.prefix { aggregation.joins(first.day, $0.day) }
      if let period = HistoryPeriod(together) { periods.append(period) }
      rest = rest.dropFirst(together.count)
    }
    return periods
  }
}
