/// Wall clocks, worked out by the laws of their countries.
public enum NaiveZone: Sendable {
  /// Clocks that show UTC.
  case utc
  /// Nine hours ahead, all year round.
  case tokyo
  /// Eight hours behind, and seven from two o'clock on the second Sunday in March to two o'clock on the first Sunday in November (Energy
  /// Policy Act of 2005).
  case losAngeles

  /// Minutes that the clocks are ahead of UTC at a moment, in milliseconds since 1970, not before 2007.
  public func minutes(at milliseconds: Int64) -> Int {
    switch self {
    case .utc: 0
    case .tokyo: 540
    case .losAngeles: Self.hasSummerTime(Int((Double(milliseconds) / 60_000).rounded(.down))) ? -420 : -480
    }
  }

  private static func hasSummerTime(_ minute: Int) -> Bool {
    var (year, first) = (1970, 0)
    while first + length(year) <= minute / 1_440 {
      first += length(year)
      year += 1
    }
    let february = length(year) == 366 ? 29 : 28
    let march = first + 31 + february
    let november = march + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31
    // Two o'clock by the clocks that go: ten o'clock UTC in March, nine in November.
    return minute >= (sunday(from: march) + 7) * 1_440 + 600 && minute < sunday(from: november) * 1_440 + 540
  }

  private static func length(_ year: Int) -> Int { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365 }

  /// The first Sunday on or after a day; 1 January 1970 was a Thursday.
  private static func sunday(from day: Int) -> Int { day + (7 - (day + 4) % 7) % 7 }
}
