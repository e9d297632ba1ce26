import Foundation
import MasteryCore
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "Times as producers write them are read to the millisecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-01-14T10:30:00Z", 1_768_386_600_000), ("2026-01-14t10:30:00z", 1_768_386_600_000),
      ("2026-01-14 10:30:00Z", 1_768_386_600_000), ("2026-01-14T12:30:00+02:00", 1_768_386_600_000),
      ("2026-01-14T05:00:00-05:30", 1_768_386_600_000), ("2026-01-14T10:30:00-00:00", 1_768_386_600_000),
      ("2026-01-14T10:30:00.5Z", 1_768_386_600_500), ("2026-01-14T10:30:00.05Z", 1_768_386_600_050),
      ("2026-01-14T10:30:00.123Z", 1_768_386_600_123), ("2026-01-14T10:30:00.123999999999999999999Z", 1_768_386_600_123),
      ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
      ("2026-01-14T10:30:00", 1_768_386_600_000), ("2026-01-14 10:30:00.25", 1_768_386_600_250), ("2026-01-14T10:30", 1_768_386_600_000),
      ("2026-01-14T10:30Z", 1_768_386_600_000), ("2026-01-14T12:30+02:00", 1_768_386_600_000),
      ("2026-01-14T16:00:00+0530", 1_768_386_600_000), ("2026-01-14T05:00:00.5-0530", 1_768_386_600_500),
      ("2026-01-14T15:30:00+05", 1_768_386_600_000), ("2026-01-14T05:30-05", 1_768_386_600_000),
    ])
  func reading(text: String, milliseconds: Int64) {
    #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    #expect(Timestamp(iso8601: AnyCollection(Array(text.utf8)))?.milliseconds == milliseconds)
  }

  @Test(
    "A leap second is the last millisecond before it",
    arguments: [
      "2016-12-31T23:59:60Z", "2016-12-31T23:59:60.7Z", "2017-01-01T00:59:60+01:00", "2016-12-31T15:59:60-08:00",
    ])
  func leapSeconds(text: String) { #expect(Timestamp(iso8601: text)?.iso8601 == "2016-12-31T23:59:59.999Z") }

  @Test(
    "Text that is not a date with a time is refused",
    arguments: [
      "", "2026-01-14", "2026-01-14T", "2026-01-14T10", "2026-01-14T10Z", "2026-01-14T10:", "2026-01-14T10:30:", "2026-01-14T10:30:00.Z",
      "2026-01-14T10:30:00.", "2026-01-14T10:30:00,5Z",
      "2026-1-14T10:30:00Z", "2026-01-14T24:00:00Z", "2026-01-14T10:60:00Z", "2026-01-14T10:30:61Z", "2026-01-14T10:30:60Z",
      "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
      "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-14T10:30:00+02:", "2026-01-14T10:30:00+24:00", "2026-01-14T10:30:00+02:60",
      "2026-01-14T10:30:00Z ", " 2026-01-14T10:30:00Z", "2026-01-14T10:30:00ZZ", "2026-01-14_10:30:00Z", "+026-01-14T10:30:00Z",
      "20260114T103000Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-01-14T10:30:00+", "2026-01-14T10:30:00+020",
      "２026-01-14T10:30:00Z",
      "2026-01-14T10:30:00+2:00", "2026-01-14T10:30:0xZ",
    ])
  func refusing(text: String) { #expect(Timestamp(iso8601: text) == nil) }

  @Test("Milliseconds are written only if there are any")
  func writing() {
    #expect(Timestamp(milliseconds: 1_768_386_600_000).iso8601 == "2026-01-14T10:30:00Z")
    #expect(Timestamp(milliseconds: 1_768_386_600_123).iso8601 == "2026-01-14T10:30:00.123Z")
    #expect(Timestamp(milliseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp.earliest.iso8601 == "0000-01-01T00:00:00Z")
    #expect(Timestamp.latest.iso8601 == "9999-12-31T23:59:59.999Z")
  }

  @Test("Random timestamps are written as Foundation writes them, and read back")
  func againstFoundation() {
    var random = SeededGenerator(seed: 1)
    // From 1583 on, where Foundation's calendar is Gregorian too.
    for _ in 0..<2_000 {
      let seconds = Int64.random(in: -12_212_553_600...253_402_300_799, using: &random)
      let moment = Timestamp(milliseconds: seconds * 1_000)
      #expect(moment.iso8601 == Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601))
      #expect(Timestamp(iso8601: moment.iso8601) == moment)
      #expect(moment.seconds == seconds)
    }
  }

  @Test("Seconds are rounded down, even before 1970")
  func seconds() {
    #expect(Timestamp(milliseconds: 1_999).seconds == 1)
    #expect(Timestamp(milliseconds: -1).seconds == -1)
    #expect(Timestamp(milliseconds: -1_000).seconds == -1)
    #expect(Timestamp(milliseconds: -1_001).seconds == -2)
  }

  @Test(
    "A number since 1970 counts in the unit that its size indicates, to the millisecond",
    arguments: [
      (0, 0), (1_768_386_600, 1_768_386_600_000), (1_768_386_600.5, 1_768_386_600_500), (1_768_386_600.123, 1_768_386_600_123),
      (99_999_999_999, 99_999_999_999_000), (100_000_000_000, 100_000_000_000), (1_768_386_600_123, 1_768_386_600_123),
      (1_768_386_600_123.9, 1_768_386_600_123), (99_999_999_999_999, 99_999_999_999_999), (100_000_000_000_000, 100_000_000_000),
      (1_768_386_600_123_999, 1_768_386_600_123), (-1, -1_000), (-1_000_000_000_000_001, -1_000_000_000_001),
    ])
  func epoch(number: Double, milliseconds: Int64) {
    #expect(Timestamp(epoch: number)?.milliseconds == milliseconds)
    if let whole = Int64(exactly: number) { #expect(Timestamp(epoch: whole)?.milliseconds == milliseconds) }
  }

  @Test("A number beyond the year 9999 is not a timestamp", arguments: [9e18, -9e18, 1e300, -1e300, 253_402_300_800_000_000])
  func endlessEpoch(number: Double) { #expect(Timestamp(epoch: number) == nil) }

  @Test("Timestamps stay within the years 0000 to 9999")
  func limits() {
    #expect(Timestamp(exactly: 253_402_300_800_000) == nil)
    #expect(Timestamp(exactly: -62_167_219_200_001) == nil)
    #expect(Timestamp(exactly: 253_402_300_799_999) == .latest)
    #expect(Timestamp(milliseconds: .max) == .latest)
    #expect(Timestamp.latest.adding(milliseconds: .max) == .latest)
    #expect(Timestamp.earliest.adding(milliseconds: .min) == .earliest)
    #expect(Timestamp(milliseconds: 5).adding(milliseconds: -6).milliseconds == -1)
    #expect(Timestamp.earliest < .latest)
  }
}
