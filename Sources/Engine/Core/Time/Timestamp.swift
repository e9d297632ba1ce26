/// A moment in UTC, to the millisecond, in the years 0000 to 9999.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// The earliest representable moment, 0000-01-01T00:00:00Z.
  public static let earliest = Self(milliseconds: .min)

  /// The latest representable moment, 9999-12-31T23:59:59.999Z.
  public static let latest = Self(milliseconds: .max)

  static let millisecondsADay: Int64 = 86_400_000

  private static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  /// The moment `milliseconds` after 1970, clamped to the supported range.
  public init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
  }

  /// The moment `milliseconds` after 1970, or nil outside the years 0000 to 9999.
  public init?(exactly milliseconds: Int64) {
    guard Self.range.contains(milliseconds) else { return nil }
    self.milliseconds = milliseconds
  }

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 { (milliseconds - (milliseconds % 1_000 + 1_000) % 1_000) / 1_000 }

  /// The moment that is `interval` milliseconds later, clamped to the years 0000 to 9999.
  public func adding(milliseconds interval: Int64) -> Self {
    let (sum, overflows) = milliseconds.addingReportingOverflow(interval)
    return Self(milliseconds: overflows ? (interval > 0 ? .max : .min) : sum)
  }

  /// Orders moments by time.
  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}
