/// A forecast for one week ahead, kept until its day is over and then compared with the actual mastery.
public struct WeeklyForecast: Hashable, Sendable {
  /// The outcome of a forecast.
  public struct Outcome: Hashable, Sendable {
    /// Actual minus expected mastery, in points of mastery.
    public let error: Double
    /// Whether the actual mastery lay within the interval, ends included.
    public let isWithinInterval: Bool
  }

  /// The day at whose end the forecast is judged.
  public let due: Day
  /// The expected mastery.
  public let score: Double
  /// The interval around it.
  public let interval: ClosedRange<Double>

  /// Creates a stored forecast.
  public init(due: Day, score: Double, interval: ClosedRange<Double>) {
    self.due = due
    self.score = score
    self.interval = interval
  }

  /// Forecasts from the end of `today`; nil if nothing is predicted.
  init?(of record: EvidenceRecord, asOf today: Day, from first: Day) {
    // Young documents, of which nothing is predicted yet, change most often.
    guard record.mostDays >= Forecast.leastDays else { return nil }
    guard let expected = Forecast(of: record, asOf: today, from: first).expectation else { return nil }
    self.init(due: today.advanced(by: Forecast.week), score: expected.score, interval: expected.low...expected.high)
  }

  /// Whether the forecast is still waiting; one due more than a week ahead was made by a wrong clock and is never judged.
  func waits(on today: Day) -> Bool { (today...today.advanced(by: Forecast.week)).contains(due) }

  /// The outcome according to the present evidence; nil until its day is over.
  func outcome(by record: EvidenceRecord, on today: Day) -> Outcome? {
    guard due < today else { return nil }
    let truth = record.mastery(asOf: due).value
    // An interval may have no width, and binary noise must not push an unchanged score outside it.
    let isWithin = interval.lowerBound - truth < 1e-9 && truth - interval.upperBound < 1e-9
    return Outcome(error: truth - score, isWithinInterval: isWithin)
  }
}
