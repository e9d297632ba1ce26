/// A group of students whose changes are alike enough to share one interval, in units of their own spread.
public struct IntervalGroup: Hashable, Sendable {
  /// Number of groups.
  public static let count = 12

  /// Scores under the first bound are low, scores from the second on are high.
  private static let bands = (low: 0.4, high: 0.75)
  /// This number of days with evidence or less counts as few.
  private static let fewDays = 4
  /// Students idle for longer than this number of days count as long idle.
  private static let longIdle = 14

  /// The index among all groups.
  public let number: Int

  /// Determines a student's group from the score band, the idle time and the amount of evidence.
  public init(of basis: ForecastBasis) {
    let score = Rounding.billionths(basis.mastery.value)
    let band = score < Rounding.billionths(Self.bands.low) ? 0 : score < Rounding.billionths(Self.bands.high) ? 1 : 2
    number = band * 4 + (basis.idleDays > Self.longIdle ? 2 : 0) + (basis.knownDays <= Self.fewDays ? 1 : 0)
  }
}
