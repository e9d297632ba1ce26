import MasteryCore
import Testing

@Suite("Days")
struct DayTests {
  @Test("Every day of 4,000 years has its own date, in calendar order")
  func walkingTheCalendar() {
    var (year, month, date) = (0, 1, 1)
    for number in -719_528..<(-719_528 + 4_000 * 366) {
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
      if number % 17 == 0 || month == 2 && date > 27 {
        let text = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(date, 2)
        if Day(iso8601: text)?.number != number || Day(number: number).iso8601 != text { Issue.record("\(text) is not \(number)") }
      }
      (year, month, date) = date < length ? (year, month, date + 1) : month < 12 ? (year, month + 1, 1) : (year + 1, 1, 1)
    }
  }

  @Test(
    "Text that is not a date is refused",
    arguments: ["", "2026-02-30", "2026-1-1", "2026-01-01T", "20260101", "2026-01-0a", "2026/01/01", "2026-01"])
  func refusing(text: String) { #expect(Day(iso8601: text) == nil) }

  @Test("A day goes from its first to its last millisecond")
  func limitsOfADay() throws {
    let day = try day("1969-12-31")
    #expect(day.number == -1)
    #expect(day.start.iso8601 == "1969-12-31T00:00:00Z")
    #expect(day.end.iso8601 == "1969-12-31T23:59:59.999Z")
    #expect(Day(day.start) == day && Day(day.end) == day)
    #expect(Day(day.end.adding(milliseconds: 1)).number == 0)
  }

  @Test("Days can be counted like numbers and stay within the years 0000 to 9999")
  func striding() throws {
    #expect(try day("2026-02-28").advanced(by: 1).iso8601 == "2026-03-01")
    #expect(try day("2026-03-01").distance(to: day("2026-02-28")) == -1)
    #expect(Day(number: .max).iso8601 == "9999-12-31")
    #expect(Day(number: .min).iso8601 == "0000-01-01")
    #expect(Day(number: 1).advanced(by: .max).iso8601 == "9999-12-31")
    #expect(Day(number: -1).advanced(by: .min).iso8601 == "0000-01-01")
  }

  private func padded(_ number: Int, _ digits: Int) -> String {
    String(repeating: "0", count: digits - "\(number)".count) + "\(number)"
  }
}
