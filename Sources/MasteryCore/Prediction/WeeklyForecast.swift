/// What a student was told to expect in a week, kept until that day is over and then held against what came true.
public struct WeeklyForecast: Hashable, Sendable {
  /// How a forecast fared.
  public struct Outcome: Hashable, Sendable {
    /// What came true less what was expected, in points of mastery.
    public let error: Double
    /// Whether the truth lay within the interval, its ends included.
    public let isWithinInterval: Bool
  }

  /// The day at whose end it comes true.
  public let due: Day
  /// The mastery that was expected.
  public let score: Double
  /// The interval around it.
  public let interval: ClosedRange<Double>

  /// Holds what was expected.
  public init(due: Day, score: Double, interval: ClosedRange<Double>) {
    self.due = due
    self.score = score
    self.interval = interval
  }

  /// What is expected from the end of `today` on; nil where nothing is predicted.
  init?(of record: EvidenceRecord, asOf today: Day, from first: Day) {
    guard let expected = Forecast(of: record, asOf: today, from: first).expectation else { return nil }
    self.init(due: today.advanced(by: Forecast.week), score: expected.score, interval: expected.low...expected.high)
  }

  /// Whether it still waits; one that lies further ahead than a week was made by a wrong clock and never comes true.
  func waits(on today: Day) -> Bool { (today...today.advanced(by: Forecast.week)).contains(due) }

  /// How it fared by what is known now; nil while its day is not over.
  func outcome(by record: EvidenceRecord, on today: Day) -> Outcome? {
    guard due < today else { return nil }
    let truth = record.mastery(asOf: due).value
    // Binary noise of a score that stood still must not put it outside of an interval that has no width.
    let isWithin = interval.lowerBound - truth < 1e-9 && truth - interval.upperBound < 1e-9
    return Outcome(error: truth - score, isWithinInterval: isWithin)
  }
}
