/// How far wall clocks are ahead of UTC, in whole minutes, at most a day either way.
///
/// Every zone's offset has been a whole number of minutes since 1972.
public struct UTCOffset: Hashable, Comparable, Sendable {
  private static let range: ClosedRange<Int> = -1_440...1_440

  /// UTC itself.
  public static let zero = Self(checked: 0)

  private let held: Int16

  /// The minutes; negative west of Greenwich.
  public var minutes: Int { Int(held) }

  /// The milliseconds; negative west of Greenwich.
  var milliseconds: Int64 { Int64(held) * 60_000 }

  /// Creates an offset, or returns nil if it is more than a day.
  public init?(minutes: Int) {
    guard Self.range.contains(minutes) else { return nil }
    self.init(checked: Int16(minutes))
  }

  private init(checked minutes: Int16) { held = minutes }

  /// The calendar days that clocks leave out when they are put from this offset to another.
  func daysLeftOut(before other: Self) -> Int { max(0, (other.minutes - minutes) / 1_440) }

  /// Orders offsets from west to east.
  public static func < (left: Self, right: Self) -> Bool { left.held < right.held }
}
