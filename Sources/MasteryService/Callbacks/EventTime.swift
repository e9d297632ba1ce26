package import JSON
package import MasteryCore

/// A time as producers write it into an event, in text or as a number.
package enum EventTime {
  /// What holds, in words.
  static let constraint = "must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from 1990 on"
  /// 1990-01-01: what lies before it is no time of an event, but a clock that was never set or a unit mistaken.
  private static let earliest = Timestamp(milliseconds: 631_152_000_000)

  /// Reads a time; nil where the value is none, or lies before 1990.
  package static func read(_ value: JSONValue) -> Timestamp? {
    let time =
      if let text = value.text {
        Timestamp(iso8601: text.bytes)
      } else if let whole = value.integer {
        Timestamp(epoch: whole)
      } else {
        value.number.flatMap { Timestamp(epoch: $0) }
      }
    return time.flatMap { $0 >= earliest ? $0 : nil }
  }
}
