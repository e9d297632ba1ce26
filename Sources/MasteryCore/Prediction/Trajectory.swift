/// Where a student comes from and is going to, day by day.
public struct Trajectory: Hashable, Sendable {
  /// The last days up to today, from the first known one on.
  public let points: [HistoryDay]
  /// Where mastery was going over those days.
  public let trend: Trend
  /// How the student's activity has been spread.
  public let pattern: LearningPattern
  /// A forecast for each of the coming days; none where nothing is predicted.
  public let forecast: [Forecast]

  /// Looks back and ahead from the end of `today`.
  ///
  /// - Parameters:
  ///   - record: The student's evidence.
  ///   - days: How many days back, today included.
  ///   - horizon: How many days ahead, held within 1…30.
  ///   - today: The day at whose end it is looked from.
  ///   - first: The first day that retention lets be seen.
  public init(of record: EvidenceRecord, days: Int, horizon: Int = Forecast.week, asOf today: Day, from first: Day) {
    let history = DailyHistory(of: record, from: max(first, today.advanced(by: 1 - days)), through: today)
    points = history.days
    trend = history.trend(days: days, endingOn: today)
    pattern = LearningPattern(of: record, asOf: today, from: first)
    let basis = ForecastBasis(of: record, asOf: today, from: first)
    let horizon = min(max(horizon, Forecast.horizons.lowerBound), Forecast.horizons.upperBound)
    forecast = (1...horizon).map { Forecast(from: basis, days: $0) }.filter { $0.expectation != nil }
  }
}
