import MasteryCore
import NaiveMastery
import Testing

@Suite("The daily history")
struct DailyHistoryTests {
  private func record(cutoff: String, _ observations: Observation...) throws -> EvidenceRecord {
    var record = EvidenceRecord(cutoff: try day(cutoff))
    for observation in observations { record.merge(observation) }
    return record
  }

  private func lines(_ history: DailyHistory) -> [String] {
    history.days.map { "\($0.day.iso8601) \($0.mastery.shown)\($0.hasEvidence ? " *" : "")" }
  }

  @Test("A daily history begins with the first day of evidence and has every calendar day after it")
  func firstDay() throws {
    let record = try record(
      cutoff: "2026-01-01", observation("a", "2026-01-03T08:00:00Z", quiz: 1), observation("b", "2026-01-05T08:00:00Z", completion: 0.5))
    let history = DailyHistory(of: record, from: try day("2026-01-01"), through: try day("2026-01-06"))
    // 0.3 × 1 + 0.1 × 1; from the 5th on + 0.4 × 0.5, with a day skipped: 0.1 × 0.9.
    #expect(lines(history) == ["2026-01-03 0.4 *", "2026-01-04 0.4", "2026-01-05 0.59 *", "2026-01-06 0.59"])
    #expect(history.days.last?.components.consistency?.value == 0.9)
    // (0.4 + 0.4 + 0.59 + 0.59) / 4
    #expect(abs((history.historicalAverage(endingOn: try day("2026-01-06")) ?? 0) - 0.495) < 1e-12)
    #expect(abs((history.historicalAverage(days: 2, endingOn: try day("2026-01-05")) ?? 0) - 0.495) < 1e-12)
    #expect(history.historicalAverage(endingOn: try day("2026-01-02")) == nil)
  }

  @Test("A daily history begins with its window if anything was known before, such as a baseline or an earlier day")
  func knownBefore() throws {
    let record = try record(
      cutoff: "2026-01-02", observation("a", "2025-12-03T08:00:00Z", quiz: 0.5), observation("b", "2026-01-03T08:00:00Z", quiz: 1))
    let fromCut = DailyHistory(of: record, from: try day("2025-12-01"), through: try day("2026-01-03"))
    #expect(lines(fromCut) == ["2026-01-02 0.15", "2026-01-03 0.4 *"])
    let later = DailyHistory(of: record, from: try day("2026-01-05"), through: try day("2026-01-06"))
    #expect(lines(later) == ["2026-01-05 0.4", "2026-01-06 0.4"])
  }

  @Test("A daily history is empty if nothing is known, or if its window ends before it begins or before the cutoff")
  func nothingKnown() throws {
    let record = try record(cutoff: "2026-01-02", observation("a", "2026-01-05T08:00:00Z", quiz: 0.5))
    #expect(DailyHistory(of: record, from: try day("2026-01-01"), through: try day("2026-01-04")).days.isEmpty)
    #expect(DailyHistory(of: record, from: try day("2026-01-09"), through: try day("2026-01-08")).days.isEmpty)
    #expect(DailyHistory(of: record, from: try day("2025-01-09"), through: try day("2026-01-01")).days.isEmpty)
  }

  @Test("A daily history, its average and its trend match the naive calculation", arguments: UInt64(1_000)..<1_200)
  func againstNaive(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    let naive = NaiveStudent(events: course.events, cutoff: course.cutoff)
    var record = EvidenceRecord(cutoff: Day(number: course.cutoff))
    for event in course.shuffled() { record.merge(try Observation(event)) }
    let last = RandomCourse.firstDay + course.number(10...45)
    let first = last - course.number(29...45)
    let history = DailyHistory(of: record, from: Day(number: first), through: Day(number: last))
    let expected = naive.history(from: first, through: last)
    #expect(history.days.map(\.day.number) == expected.map(\.day))
    #expect(history.days.map(\.hasEvidence) == expected.map(\.hasEvidence))
    #expect(
      zip(history.days, expected).allSatisfy { agree($0.components.plain, $1.components) && abs($0.mastery.value - $1.mastery) < 1e-12 })
    let average = history.historicalAverage(endingOn: Day(number: last))
    #expect((average == nil) == (naive.average30(endingOn: last) == nil))
    #expect(abs((average ?? 0) - (naive.average30(endingOn: last) ?? 0)) < 1e-12)
    #expect(history.trend(endingOn: Day(number: last)).rawValue == naive.trend(endingOn: last))
  }
}
