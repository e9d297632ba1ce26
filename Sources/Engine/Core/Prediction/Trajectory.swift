/// A student's past and expected mastery, day by day.
public struct Trajectory: Hashable, Sendable {
  /// The last days up to today, starting with the first known one.
  public let points: [HistoryDay]
  /// The direction of mastery over those days.
  public let trend: Trend
  /// The distribution of the student's activity.
  public let pattern: LearningPattern
  /// A forecast for each of the coming days; empty if nothing is predicted.
  public let forecast: [Forecast]

  /// Looks back and ahead from the end of `today`.
  ///
  /// - Parameters:
  ///   - record: The student's evidence.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - days: Number of days back, including today.
  ///   - horizon: Number of days ahead, clamped to 1…30.
  ///   - today: The day from whose end the trajectory is seen.
  ///   - first: The first day visible under retention.
  public init(
    of record: EvidenceRecord, _ scope: EvidenceScope = .student, days: Int, horizon: Int = Forecast.week, asOf today: Day, from first: Day
  ) {
    let history = DailyHistory(of: record, scope, from: max(first, today.advanced(by: 1 - days)), through: today)
    points = history.days
    trend = history.trend(days: days, endingOn: today)
    pattern = LearningPattern(of: record, scope, asOf: today, from: first)
    let basis = ForecastBasis(of: record, scope, asOf: today, from: first)
    let horizon = min(max(horizon, Forecast.horizons.lowerBound), Forecast.horizons.upperBound)
    forecast = (1...horizon).map { Forecast(from: basis, days: $0) }.filter { $0.expectation != nil }
  }
}
