extension Timestamp {
  /// Parses a time in the ISO 8601 forms that producers use, or returns nil.
  ///
  /// The form is a full date, then `T`, `t` or a space, then hours and minutes, optionally seconds with a fraction, and optionally a zone:
  /// `Z`, `z` or an offset (`+05:30`, `+0530`, `+05`). Without a zone the time is UTC. A fraction may have any number of digits; anything
  /// finer than a millisecond is cut off. A leap second (23:59:60 in UTC) is read as the last millisecond before it, so that it stays on
  /// its day.
  public init?(iso8601 bytes: some Collection<UInt8>) {
    let contiguous = bytes.withContiguousStorageIfAvailable { Self.read($0) }
    guard let moment = contiguous ?? Array(bytes).withUnsafeBufferPointer({ Self.read($0) }) else { return nil }
    self = moment
  }

  /// Parses a time in the ISO 8601 forms that producers use, or returns nil.
  public init?(iso8601 text: String) {
    self.init(iso8601: text.utf8)
  }

  /// The moment as RFC 3339 text in UTC, with milliseconds only if they are not 0.
  public var iso8601: String {
    let day = Day(self)
    let ofDay = Int(milliseconds - day.start.milliseconds)
    return DigitWriter.text(capacity: 24) { writer in
      writer.append(CivilDate(dayNumber: day.number))
      writer.append("T")
      writer.append(ofDay / 3_600_000, digits: 2)
      writer.append(":")
      writer.append(ofDay / 60_000 % 60, digits: 2)
      writer.append(":")
      writer.append(ofDay / 1_000 % 60, digits: 2)
      if ofDay % 1_000 != 0 {
        writer.append(".")
        writer.append(ofDay % 1_000, digits: 3)
      }
      writer.append("Z")
    }
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Self? {
    var reader = DigitReader(bytes)
    guard let date = reader.date(), reader.take("T") || reader.take("t") || reader.take(" ") else { return nil }
    guard let hour = reader.number(digits: 2), hour < 24, reader.take(":") else { return nil }
    guard let minute = reader.number(digits: 2), minute < 60, let (second, fraction) = seconds(&reader) else { return nil }
    guard let offset = offset(&reader), reader.isAtEnd else { return nil }

    let minutes = date.dayNumber * 1_440 + hour * 60 + minute - offset
    guard second == 60 else { return Self(exactly: Int64((minutes * 60 + second) * 1_000 + fraction)) }
    guard (minutes + 1).isMultiple(of: 1_440) else { return nil }
    return Self(exactly: Int64((minutes + 1) * 60_000 - 1))
  }

  /// Seconds and their milliseconds, 0 if absent, nil if nothing follows a separator.
  private static func seconds(_ reader: inout DigitReader) -> (second: Int, fraction: Int)? {
    guard reader.take(":") else { return (0, 0) }
    guard let second = reader.number(digits: 2), second <= 60, let fraction = fraction(&reader) else { return nil }
    return (second, fraction)
  }

  /// Milliseconds in the fraction, 0 if there is none, nil if no digit follows the point.
  private static func fraction(_ reader: inout DigitReader) -> Int? {
    guard reader.take(".") else { return 0 }
    guard var value = reader.digit() else { return nil }
    var digits = 1
    while let digit = reader.digit() {
      if digits < 3 { value = value * 10 + digit }
      digits += 1
    }
    return digits == 1 ? value * 100 : digits == 2 ? value * 10 : value
  }

  /// Minutes that the written time is ahead of UTC, 0 if there is no zone.
  private static func offset(_ reader: inout DigitReader) -> Int? {
    if reader.isAtEnd || reader.take("Z") || reader.take("z") { return 0 }
    let isAhead = reader.take("+")
    guard isAhead || reader.take("-") else { return nil }
    guard let hours = reader.number(digits: 2), hours < 24 else { return nil }
    guard !reader.isAtEnd else { return hours * 60 * (isAhead ? 1 : -1) }
    _ = reader.take(":")
    guard let minutes = reader.number(digits: 2), minutes < 60 else { return nil }
    return (hours * 60 + minutes) * (isAhead ? 1 : -1)
  }
}
