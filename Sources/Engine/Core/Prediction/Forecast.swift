internal import Glibc

/// A student's expected mastery some days ahead, and how certain it is.
public struct Forecast: Hashable, Sendable {
  /// The supported horizons, in days.
  public static let horizons = 1...30
  /// The default horizon, in days.
  public static let week = 7
  /// Minimum number of days with evidence for a prediction.
  public static let leastDays = 3
  /// The share of students whose true mastery lies within the interval; the actual share is higher where many students stay inactive and
  /// keep their score.
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

    /// Whether someone should intervene: being under 0.5 is at least as likely as not.
    public var interventionNeeded: Bool { risk >= 0.5 }
    /// The score rounded for display.
    public var shown: Double { Rounding.decimals(3, of: score) }
    /// The level that the score reaches.
    public var level: Level { Level.of(score) }
  }

  /// The student's present mastery.
  public let current: Mastery
  /// The horizon in days.
  public let days: Int
  /// The expectation; nil with fewer than 3 days of evidence.
  public let expectation: Expectation?
  /// The direction of mastery over the horizon.
  public let trend: Trend
  /// How much evidence the forecast rests on, 0…0.9.
  public let confidence: Double
  /// The reason for the expectation.
  public let reason: ForecastReason

  /// Forecasts from what was known at the end of a day.
  ///
  /// - Parameters:
  ///   - basis: What was known.
  ///   - days: The horizon, clamped to 1…30.
  ///   - model: The model coefficients.
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
    let outlook = Outlook(of: basis, days: days, model: model)
    expectation = Expectation(
      score: outlook.score, low: outlook.interval.lowerBound, high: outlook.interval.upperBound,
      risk: model.risk(basis, days: days, change: outlook.change))
    trend = Trend(change: outlook.change, standardError: model.standardError(basis, days: days) / Double(basis.knownDays).squareRoot())
    confidence = min(0.9, 0.1 * Double(basis.knownDays)) * pow(0.5, Double(basis.idleDays) / 30)
    reason = ForecastReason(of: basis, change: outlook.change)
  }

  /// Forecasts from the end of `today`.
  ///
  /// - Parameters:
  ///   - record: The student's evidence.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - days: The horizon, clamped to 1…30.
  ///   - today: The day at whose end the forecast is made.
  ///   - first: The first day visible under retention.
  public init(of record: EvidenceRecord, _ scope: EvidenceScope = .student, days: Int = Self.week, asOf today: Day, from first: Day) {
    self.init(from: ForecastBasis(of: record, scope, asOf: today, from: first), days: days)
  }
}
