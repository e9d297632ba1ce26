import MasteryCore
import NaiveMastery
import Testing

@Suite("A history in periods")
struct HistoryPeriodTests {
  private func history(through last: String) throws -> DailyHistory {
    var record = EvidenceRecord(cutoff: try day("2025-12-01"))
    record.merge(try observation("a", "2025-12-30T08:00:00Z", completion: 0.5, consistency: 1))
    record.merge(try observation("b", "2026-01-04T08:00:00Z", quiz: 1))
    return DailyHistory(of: record, from: try day("2025-12-01"), through: try day(last))
  }

  @Test("Weeks begin on Monday, months on the first, and a day is its own period")
  func periods() throws {
    // 2026-01-01 is a Thursday; 0.3 until the 3rd of January and 0.6 from then on.
    let history = try history(through: "2026-01-06")
    #expect(history.periods(.daily).map(\.first) == history.days.map(\.day))
    #expect(history.periods(.daily).map(\.score) == history.days.map(\.mastery.value))
    let weeks = history.periods(.weekly)
    #expect(weeks.map(\.first.iso8601) == ["2025-12-30", "2026-01-05"])
    #expect(abs(weeks[0].score - (5 * 0.3 + 0.6) / 6) < 1e-12 && abs(weeks[1].score - 0.6) < 1e-12)
    #expect(weeks.map(\.hasEvidence) == [true, false] && weeks.map(\.level) == [.beginner, .competent])
    #expect(weeks[0].components.quiz?.value == 1 && weeks[0].components.quality == nil)
    let months = history.periods(.monthly)
    #expect(months.map(\.first.iso8601) == ["2025-12-30", "2026-01-01"])
    #expect(abs(months[1].score - (3 * 0.3 + 3 * 0.6) / 6) < 1e-12)
  }

  @Test("The summary of a history is calculated over its days")
  func summary() throws {
    let summary = try #require(try history(through: "2026-01-06").summary)
    #expect(abs(summary.average - (5 * 0.3 + 3 * 0.6) / 8) < 1e-12)
    #expect(abs(summary.highest - 0.6) < 1e-12 && abs(summary.lowest - 0.3) < 1e-12 && abs(summary.improvement - 0.3) < 1e-12)
    #expect(try history(through: "2025-12-29").summary == nil && history(through: "2025-12-29").periods(.weekly).isEmpty)
  }

  @Test("Periods lose no day and no evidence", arguments: UInt64(8_000)..<8_100, [Aggregation.weekly, .monthly])
  func whole(seed: UInt64, aggregation: Aggregation) throws {
    var course = RandomCourse(seed: seed)
    var record = EvidenceRecord(cutoff: Day(number: course.cutoff))
    for event in course.shuffled() { record.merge(try Observation(event)) }
    let last = Day(number: RandomCourse.firstDay + course.number(10...80))
    let history = DailyHistory(of: record, from: record.cutoff, through: last)
    let periods = history.periods(aggregation)
    let ends = periods.dropFirst().map(\.first) + [last.advanced(by: 1)]
    for (period, end) in zip(periods, ends) {
      let days = history.days.filter { period.first <= $0.day && $0.day < end }
      #expect(!days.isEmpty && days.contains(where: \.hasEvidence) == period.hasEvidence)
      #expect(abs(period.score * Double(days.count) - days.reduce(0) { $0 + $1.mastery.value }) < 1e-9)
      // By the calendar as written: a month shares its first seven characters, and a week has a Monday only as its first day.
      switch aggregation {
      case .monthly: #expect(Set(days.map { $0.day.iso8601.prefix(7) }).count == 1)
      default: #expect(days.count <= 7 && days.dropFirst().allSatisfy { $0.day.number % 7 != 4 })
      }
    }
    #expect(periods.first?.first == history.days.first?.day)
  }
}
