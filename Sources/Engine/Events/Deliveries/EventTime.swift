package import JSON
package import MasteryCore

/// A time in the forms that producers use in events, as text or number.
package enum EventTime {
  /// The constraint in words.
  static let constraint = "must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from 1990 on"
  /// 1990-01-01; an earlier time comes from a clock that was never set or a wrong unit.
  private static let earliest = Timestamp(milliseconds: 631_152_000_000)

  /// Reads a time; nil if the value is not a time, or is before 1990.
  package static func read(_ value: JSONValue) -> Timestamp? {
    let time =
      if let text = value.text {
        Timestamp(iso8601: text.bytes)
      } else if let whole = value.integer {
        Timestamp(epoch: whole)
      } else {
        value.number.flatMap { Timestamp(epoch: $0) }
      }
    return plausible(time)
  }

  /// A time that is not before 1990; nil for any other.
  static func plausible(_ time: Timestamp?) -> Timestamp? { time.flatMap { $0 >= earliest ? $0 : nil } }
}
