import Foundation
import HTTPServer
import MasteryCore
import NaiveMastery
import Simulation
import Testing

@testable import MasteryService

@Suite("The days of schools")
struct SchoolCalendarTests {
  private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

  @Test("The offset of a zone is the one of another implementation's, at any moment", arguments: 0..<40 as Range<UInt64>)
  func offsets(_ seed: UInt64) throws {
    let random = SeededGenerator(seed: seed)
    let names = TimeZone.knownTimeZoneIdentifiers.filter { TimeZoneName($0) != nil }
    #expect(names.count > 300)
    for _ in 0..<50 {
      let name = names[random.draw(0..<names.count)]
      let zone = try #require(TimeZoneName(name))
      let other = try #require(TimeZone(identifier: name))
      // 1990 to 2024: of later laws one implementation may not have heard.
      let seconds = random.draw(631_152_000..<1_735_689_600)
      let expected = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
      #expect(zone.offset(at: Timestamp(milliseconds: Int64(seconds) * 1_000)).minutes == expected / 60, "\(name) \(seconds)")
    }
  }

  @Test("The offsets of Los Angeles and Tokyo are those of their laws, to the minute")
  func laws() throws {
    let zones: [(NaiveZone, TimeZoneName)] = [
      (.losAngeles, try #require(TimeZoneName("America/Los_Angeles"))), (.tokyo, try #require(TimeZoneName("Asia/Tokyo"))),
    ]
    for (naive, zone) in zones {
      let random = SeededGenerator(seed: 7)
      for _ in 0..<5_000 {
        let milliseconds = Int64(random.draw(1_200_000_000..<2_145_916_800)) * 1_000
        #expect(zone.offset(at: Timestamp(milliseconds: milliseconds)).minutes == naive.minutes(at: milliseconds))
      }
    }
    for (text, minutes) in [
      ("2026-03-08T09:59:59Z", -480), ("2026-03-08T10:00:00Z", -420), ("2026-11-01T08:59:59Z", -420), ("2026-11-01T09:00:00Z", -480),
    ] {
      let moment = try Self.moment(text)
      #expect(zones[0].1.offset(at: moment).minutes == minutes && zones[0].0.minutes(at: moment.milliseconds) == minutes)
    }
  }

  @Test("A day is the one of the school's zone, else of the common one, else of UTC")
  func days() throws {
    let calendars = try Configuration(environment: [
      "TIME_ZONE": "Europe/Berlin", "SCHOOL_TIME_ZONES": "a=b=Asia/Tokyo, west=America/Los_Angeles",
    ]).calendars
    let moment = try Self.moment("2026-03-10T23:30:00Z")
    for (school, day) in [("a=b", "2026-03-11"), ("west", "2026-03-10"), ("other", "2026-03-11"), (nil, "2026-03-11")] {
      #expect(calendars.day(of: moment, in: school.flatMap(SchoolID.init)).iso8601 == day, "\(school ?? "")")
    }
    #expect(SchoolCalendars().day(of: moment, in: SchoolID("west")).iso8601 == "2026-03-10")
    #expect(calendars.day(of: try Self.moment("2026-03-10T22:59:59.999Z"), in: nil).iso8601 == "2026-03-10")
    #expect(calendars.day(of: try Self.moment("2026-03-10T23:00:00Z"), in: nil).iso8601 == "2026-03-11")
  }

  /// A student's derived consistency, and the dates of the history with evidence, after exercises at some moments.
  private func answers(_ zone: String?, _ moments: [String], now: String) async throws -> (consistency: Double, dates: [String]) {
    let stand = Stand(at: try Self.moment(now).milliseconds) { configuration in
      configuration.calendars = (try? Configuration(environment: zone.map { ["TIME_ZONE": $0] } ?? [:]).calendars) ?? SchoolCalendars()
    }
    let events = moments.enumerated().map { Wrapped.exercise("e-\($0.offset)", of: "s-1", at: $0.element, metadata: "{}") }
    // The order of arrival makes no difference.
    let bulk = Wrapped.bulk(events.reversed().enumerated().map { ("\($0.offset)", Wrapped.cloudEvent($0.element, time: now)) })
    #expect(await stand.deliver(Array(bulk.utf8)).values.allSatisfy { $0 == "SUCCESS" })
    let query = try ReadJSON.data(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#).body)
    let current = try #require(query["current_mastery"] as? [String: Any])
    let history = try ReadJSON.data(await stand.ask("POST", "/analytics/mastery-history", #"{"student_id":"s-1","days":30}"#).body)
    let days = try #require(history["history"] as? [[String: Any]])
    return (
      try #require((current["components"] as? [String: Double])?["consistency"]),
      days.filter { $0["evidence"] as? Bool == true }.compactMap { $0["date"] as? String }
    )
  }

  @Test("A student in Tokyo who works in the evening of one day and in the morning of the next has skipped no day")
  func tokyo() async throws {
    // 22:00 and 06:00 by the clocks of Tokyo, on six days in a row.
    let moments = (0..<6).map { "2026-03-\(10 + $0 - ($0 % 2 == 1 ? 1 : 0))T\($0 % 2 == 1 ? "21" : "13"):00:00Z" }
    let local = try await answers("Asia/Tokyo", moments, now: "2026-03-16T12:00:00Z")
    #expect(local.dates == (10...15).map { "2026-03-\($0)" })
    #expect(local.consistency == 1)
    // By UTC every other day looks idle: a streak of 1 of 1, one day skipped.
    let universal = try await answers(nil, moments, now: "2026-03-16T12:00:00Z")
    #expect(universal.dates == ["2026-03-10", "2026-03-12", "2026-03-14"])
    #expect(universal.consistency == 0.9)
  }

  @Test(
    "The nights in which Los Angeles changes its clocks divide days at midnight",
    arguments: [
      // 23:30 on Saturday, 00:30 and 23:30 on the day of 23 hours, 00:30 on Monday.
      (
        ["2026-03-08T07:30:00Z", "2026-03-08T08:30:00Z", "2026-03-09T06:30:00Z", "2026-03-09T07:30:00Z"],
        ["2026-03-07", "2026-03-08", "2026-03-09"], "2026-03-10T20:00:00Z"
      ),
      // The same around the day of 25 hours, whose last half-hour is 07:30 UTC on Monday.
      (
        ["2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z", "2026-11-02T07:30:00Z", "2026-11-02T08:30:00Z"],
        ["2026-10-31", "2026-11-01", "2026-11-02"], "2026-11-03T20:00:00Z"
      ),
    ])
  func daylightSaving(_ moments: [String], _ days: [String], _ now: String) async throws {
    let local = try await answers("America/Los_Angeles", moments, now: now)
    #expect(local.dates == days && local.consistency == 1)
  }

  @Test("The day that Samoa left out breaks no streak, and a day that a student left out there does")
  func apia() async throws {
    // 20:00 on 28 and 29 December 2011, ten hours behind UTC; 08:00 on the 31st and 1 January, fourteen ahead: there was no 30th.
    let moments = ["2011-12-29T06:00:00Z", "2011-12-30T06:00:00Z", "2011-12-30T18:00:00Z", "2011-12-31T18:00:00Z"]
    let whole = try await answers("Pacific/Apia", moments, now: "2012-01-03T12:00:00Z")
    #expect(whole.dates == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"] && whole.consistency == 1)
    // Without the 31st: a streak of one of two, a day skipped.
    let broken = try await answers("Pacific/Apia", [moments[0], moments[1], moments[3]], now: "2012-01-03T12:00:00Z")
    #expect(broken.consistency == 0.45)
  }

  @Test("Evidence keeps the offset of its day, and is read back as it was written, with or without a source")
  func stored() async throws {
    for source in ["", #","source":"lms""#] {
      let stand = Stand { $0.calendars.schools = [SchoolID("north")!: TimeZoneName("Asia/Kolkata")!] }
      let event = Wrapped.exercise("e-1", of: "s-1", at: "2026-03-10T18:45:00Z", metadata: #"{"school_id":"north"\#(source)}"#)
      #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
      let text = String(decoding: stand.sidecar.stored("school:north:student:s-1:profile:current_mastery")?.value ?? [], as: UTF8.self)
      #expect(text.contains(source.isEmpty ? ",null,330]" : #","lms",330]"#) && text.contains("[20523,{"))
      let document = try stand.document(of: "s-1", school: "north")
      #expect(document.days.map(\.day.iso8601) == ["2026-03-11"])
      #expect(document.days.first?.latest.completion?.offset.minutes == 330)
    }
  }

  @Test("The first day that retention keeps is one of the school's")
  func retention() async throws {
    let stand = Stand(at: try Self.moment("2026-06-10T16:00:00Z").milliseconds) { configuration in
      configuration.calendars = (try? Configuration(environment: ["TIME_ZONE": "Asia/Tokyo"]).calendars) ?? SchoolCalendars()
    }
    let event = Wrapped.exercise("e-1", of: "s-1", at: "2026-06-10T15:30:00Z", metadata: "{}")
    #expect(
      await stand.deliver(Array(Wrapped.bulk([("0", Wrapped.cloudEvent(event, time: "2026-06-10T16:00:00Z"))]).utf8)) == ["0": "SUCCESS"])
    // 11 June in Tokyo, ninety days before which is 13 March.
    #expect(try stand.document(of: "s-1").evidence.cutoff.iso8601 == "2026-03-13")
  }
}
