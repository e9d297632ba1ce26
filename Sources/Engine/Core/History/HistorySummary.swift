/// Summary figures of a history.
public struct HistorySummary: Hashable, Sendable {
  /// The mean mastery over the days.
  public let average: Double
  /// The highest mastery of any day.
  public let highest: Double
  /// The lowest mastery of any day.
  public let lowest: Double
  /// The last day's mastery minus the first day's.
  public let improvement: Double
}

extension DailyHistory {
  /// The summary of the days; nil if nothing is known.
  public var summary: HistorySummary? {
    let scores = days.map(\.mastery.value)
    guard let first = scores.first, let last = scores.last, let highest = scores.max(), let lowest = scores.min() else { return nil }
    return HistorySummary(
      average: scores.reduce(0, +) / Double(scores.count), highest: highest, lowest: lowest, improvement: last - first)
  }
}
