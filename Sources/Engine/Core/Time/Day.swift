/// A calendar day, in the years 0000 to 9999.
public struct Day: Hashable, Comparable, Strideable, Sendable {
  private static let range = -719_528...2_932_896

  /// Days since 1970-01-01.
  public let number: Int

  /// The day `number` days after 1970-01-01, clamped to the supported range.
  public init(number: Int) {
    self.number = min(max(number, Self.range.lowerBound), Self.range.upperBound)
  }

  /// The day that contains `moment`, by clocks that are so far ahead of UTC; clamped to the supported range.
  public init(_ moment: Timestamp, _ offset: UTCOffset = .zero) {
    let local = moment.milliseconds + offset.milliseconds
    let (quotient, remainder) = local.quotientAndRemainder(dividingBy: Timestamp.millisecondsADay)
    self.init(number: Int(quotient) - (remainder < 0 ? 1 : 0))
  }

  /// Parses a date written `YYYY-MM-DD`, or returns nil if there is no such day.
  public init?(iso8601 text: String) {
    let date = Array(text.utf8).withUnsafeBufferPointer { bytes -> CivilDate? in
      var reader = DigitReader(bytes)
      guard let date = reader.date(), reader.isAtEnd else { return nil }
      return date
    }
    guard let date else { return nil }
    number = date.dayNumber
  }

  /// The date as `YYYY-MM-DD`.
  public var iso8601: String {
    DigitWriter.text(capacity: 10) { $0.append(CivilDate(dayNumber: number)) }
  }

  /// The first millisecond of the day in UTC.
  public var start: Timestamp { Timestamp(milliseconds: Int64(number) * Timestamp.millisecondsADay) }

  /// The last millisecond of the day in UTC.
  public var end: Timestamp { Timestamp(milliseconds: start.milliseconds + Timestamp.millisecondsADay - 1) }

  /// The days from this one to `other`; negative if `other` is earlier.
  public func distance(to other: Self) -> Int { other.number - number }

  /// The day that is `days` later, clamped to the years 0000 to 9999.
  public func advanced(by days: Int) -> Self {
    let (sum, overflows) = number.addingReportingOverflow(days)
    return Self(number: overflows ? (days > 0 ? .max : .min) : sum)
  }
}
