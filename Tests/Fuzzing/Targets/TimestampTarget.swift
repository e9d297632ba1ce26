import MasteryCore

extension FuzzTarget {
  /// A readable time is written so that it reads as the same moment, on the day of its date.
  static let timestamps = FuzzTarget(name: "timestamps") {
    [
      "2026-11-21T06:34:45Z", "2026-11-21t06:34:45.123456789+05:30", "1969-12-31 23:59:59.9-00:01", "2016-12-31T23:59:60Z",
      "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2024-02-29T00:00:00+23:59", "2026-11-21", "1795248000000", "-62167219200000",
    ].map { Array($0.utf8) }
  } run: { bytes throws(Broken) in
    let text = String(decoding: bytes, as: UTF8.self)
    for moment in [Timestamp(iso8601: bytes), Int64(text).flatMap { Timestamp(exactly: $0) }].compactMap({ $0 }) {
      let written = moment.iso8601
      try Broken.unless(Timestamp(iso8601: written) == moment, "\(text) is written as \(written)")
      let day = Day(moment)
      try Broken.unless(written.hasPrefix(day.iso8601) && Day(iso8601: day.iso8601) == day, "\(written) is not on \(day.iso8601)")
      try Broken.unless((day.start...day.end).contains(moment), "\(written) lies outside of its day")
      try Broken.unless(moment.seconds * 1_000 <= moment.milliseconds && moment.milliseconds - moment.seconds * 1_000 < 1_000, written)
    }
    if let day = Day(iso8601: text) { try Broken.unless(day.iso8601 == text, "\(text) is written as \(day.iso8601)") }
  }
}
