internal import Glibc

/// Where a student is expected to be in some days, and how sure that is.
public struct Forecast: Hashable, Sendable {
  /// The horizons that can be asked for, in days.
  public static let horizons = 1...30
  /// The horizon where none is asked for.
  public static let week = 7
  /// Days with evidence without which nothing is predicted.
  public static let leastDays = 3
  /// The share of students whose truth lies within the interval, or more, where so many do nothing and keep their score.
  public static let intervalLevel = 0.8

  /// What is expected at the horizon.
  public struct Expectation: Hashable, Sendable {
    /// The mastery, 0…1.
    public let score: Double
    /// The lower end of the interval, 0…1, at most the score and at most the present one.
    public let low: Double
    /// The upper end of the interval, 0…1, at least the score and at least the present one.
    public let high: Double
    /// The probability that mastery will be under 0.5.
    public let risk: Double

    /// Whether somebody should step in: being under 0.5 is at least as likely as not.
    public var interventionNeeded: Bool { risk >= 0.5 }
    /// The score as people see it.
    public var shown: Double { Rounding.decimals(3, of: score) }
    /// The level that the score reaches.
    public var level: Level { Level.of(score) }
  }

  /// How the student stands.
  public let current: Mastery
  /// The horizon in days.
  public let days: Int
  /// What is expected; nil with fewer than 3 days of evidence.
  public let expectation: Expectation?
  /// Where mastery is going over the horizon.
  public let trend: Trend
  /// How much the forecast has to rest on, 0…0.9.
  public let confidence: Double
  /// What the expectation comes from.
  public let reason: ForecastReason

  /// Looks ahead from what was known at the end of a day.
  ///
  /// - Parameters:
  ///   - basis: What was known.
  ///   - days: The horizon, held within 1…30.
  ///   - model: The numbers to work with.
  public init(from basis: ForecastBasis, days: Int = Self.week, model: ForecastModel = .fitted) {
    let days = min(max(days, Self.horizons.lowerBound), Self.horizons.upperBound)
    current = basis.mastery
    self.days = days
    guard basis.knownDays >= Self.leastDays else {
      expectation = nil
      trend = .stable
      confidence = 0
      reason = .insufficientHistory(days: basis.knownDays)
      return
    }
    let score = model.expectation(basis, days: days)
    let change = score - basis.mastery.value
    let interval = model.interval(basis, days: days)
    expectation = Expectation(
      score: score, low: min(interval.lowerBound, score), high: max(interval.upperBound, score),
      risk: model.risk(basis, days: days, change: change))
    trend = Trend(change: change, standardError: model.standardError(basis, days: days) / Double(basis.knownDays).squareRoot())
    confidence = min(0.9, 0.1 * Double(basis.knownDays)) * pow(0.5, Double(basis.idleDays) / 30)
    reason = ForecastReason(of: basis, change: change)
  }

  /// Looks ahead from the end of `today`.
  ///
  /// - Parameters:
  ///   - record: The student's evidence.
  ///   - days: The horizon, held within 1…30.
  ///   - today: The day at whose end the forecast is made.
  ///   - first: The first day that retention lets be seen.
  public init(of record: EvidenceRecord, days: Int = Self.week, asOf today: Day, from first: Day) {
    self.init(from: ForecastBasis(of: record, asOf: today, from: first), days: days)
  }
}
