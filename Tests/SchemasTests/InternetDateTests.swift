import JSON
import Schemas
import Testing

@Suite("Dates and times by RFC 3339")
struct InternetDateTests {
  private static func isTaken(_ text: String, _ format: String) throws -> Bool {
    let json = JSONWriter.array { $0.string(text) }
    return try JSONDocument.parse(json) { (root) throws(Never) in
      root.elements.allSatisfy { Schema.text(TextForm(format: format)).faults(in: $0).isEmpty }
    }
  }

  @Test(
    "The examples of RFC 3339, section 5.8, and what else its grammar has are times",
    arguments: [
      "1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00",
      "1937-01-01T12:00:27.87+00:20", "2024-02-29T00:00:00z", "2000-02-29t00:00:00Z",
    ])
  func times(text: String) throws {
    #expect(try Self.isTaken(text, "date-time"))
    #expect(try Self.isTaken(String(text.prefix(10)), "date"))
  }

  @Test(
    "What its grammar or the calendar does not have is no time",
    arguments: [
      "", "1985-04-12", "1985-04-12T23:20:50", "1985-04-12 23:20:50Z", "1985-04-31T23:20:50Z", "2023-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z", "1985-13-12T23:20:50Z", "1985-00-12T23:20:50Z", "1985-04-00T23:20:50Z", "1985-04-12T24:20:50Z",
      "1985-04-12T23:60:50Z", "1985-04-12T23:20:61Z", "1985-04-12T23:20:50.Z", "1985-04-12T23:20:50+0800", "1985-04-12T23:20:50+24:00",
      "1985-04-12T23:20:50+", "1985-04-12T23:20:50ZZ", "1985-04-12T23:20Z", "85-04-12T23:20:50Z", "1985-4-12T23:20:50Z",
      "1985-04-12T23:20:5xZ",
    ])
  func noTimes(text: String) throws {
    #expect(try !Self.isTaken(text, "date-time"))
  }

  @Test("What is no day of the calendar is no date", arguments: ["", "2026-02-30", "2026-3-15", "2026-03-15T", "2026/03/15", "15-03-2026"])
  func noDates(text: String) throws {
    #expect(try !Self.isTaken(text, "date"))
  }
}
