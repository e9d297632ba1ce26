/// Students whose changes are alike enough that one interval, in units of their own spread, does for all of them.
public struct IntervalGroup: Hashable, Sendable {
  /// How many groups there are.
  public static let count = 12

  /// Scores under it are low, from the second one on high.
  private static let bands = (low: 0.4, high: 0.75)
  /// So many days with evidence are few.
  private static let fewDays = 4
  /// Whoever was idle longer is so for long.
  private static let longIdle = 14

  /// The place among all groups.
  public let number: Int

  /// The group of a student: by the score's band, by how long the student has been idle, and by how little is known.
  public init(of basis: ForecastBasis) {
    let score = Rounding.billionths(basis.mastery.value)
    let band = score < Rounding.billionths(Self.bands.low) ? 0 : score < Rounding.billionths(Self.bands.high) ? 1 : 2
    number = band * 4 + (basis.idleDays > Self.longIdle ? 2 : 0) + (basis.knownDays <= Self.fewDays ? 1 : 0)
  }
}
