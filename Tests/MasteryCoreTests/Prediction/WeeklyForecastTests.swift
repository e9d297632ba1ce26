import MasteryCore
import Testing

@Suite("The weekly forecast in a document")
struct WeeklyForecastTests {
  /// Takes quizzes of these days of January 2026, each on its own day, with these scores.
  private func student(after quizzes: [(day: Int, score: Double)]) throws -> (document: StudentDocument, judged: [WeeklyForecast.Outcome]) {
    var document = try document(cutoff: "2025-10-01")
    var judged: [WeeklyForecast.Outcome] = []
    for quiz in quizzes {
      let date = "2026-01-\(quiz.day < 10 ? "0" : "")\(quiz.day)"
      let change = document.applying(
        [try observation("q\(quiz.day)", "\(date)T08:00:00Z", quiz: quiz.score)], now: try time("\(date)T09:00:00Z"),
        cutoff: try day("2025-10-03"))
      document = change.document
      if let outcome = change.judged { judged.append(outcome) }
    }
    return (document, judged)
  }

  @Test("The weekly forecast is the prediction on the third day with evidence, a week ahead")
  func kept() throws {
    #expect(try student(after: [(5, 0.5), (6, 0.6)]).document.ledger.forecast == nil)
    let document = try student(after: [(5, 0.5), (6, 0.6), (8, 0.9)]).document
    let expected = try #require(Forecast(of: document.evidence, asOf: try day("2026-01-08"), from: try day("2025-10-03")).expectation)
    let due = try day("2026-01-15")
    #expect(document.ledger.forecast == WeeklyForecast(due: due, score: expected.score, interval: expected.low...expected.high))
  }

  @Test("The weekly forecast waits for the end of its day, whatever comes before")
  func waits() throws {
    let early = try student(after: [(5, 0.5), (6, 0.6), (8, 0.9)]).document.ledger.forecast
    let (document, judged) = try student(after: [(5, 0.5), (6, 0.6), (8, 0.9), (12, 0.2), (15, 0.3)])
    #expect(document.ledger.forecast == early && judged.isEmpty)
  }

  @Test("The weekly forecast is judged against the end of its day by the next evidence, and a new one follows")
  func judged() throws {
    let early = try #require(try student(after: [(5, 0.5), (6, 0.6), (8, 0.9)]).document.ledger.forecast)
    let (document, judged) = try student(after: [(5, 0.5), (6, 0.6), (8, 0.9), (15, 0.3), (20, 1)])
    // At the end of the 15th the quiz was at 0.3, and consistency at half a streak after six skipped days: 0.5 × 0.9^6.
    let truth = 0.3 * 0.3 + 0.1 * 0.5 * 0.531441
    let outcome = try #require(judged.first)
    #expect(judged.count == 1 && abs(outcome.error - (truth - early.score)) < 1e-12)
    #expect(outcome.isWithinInterval == early.interval.contains(truth) && !outcome.isWithinInterval)
    #expect(document.ledger.forecast?.due.iso8601 == "2026-01-27")
  }

  @Test("The weekly forecast of a student who stands still comes true, and so does its interval")
  func still() throws {
    let same = [5, 6, 7, 15].map { (day: $0, score: 0.7) }
    var document = try document(cutoff: "2025-10-01")
    document.ledger.forecast = WeeklyForecast(due: try day("2026-01-10"), score: 0.31, interval: 0.31...0.31)
    for quiz in same.prefix(3) { document.evidence.merge(try observation("q\(quiz.day)", "2026-01-0\(quiz.day)T08:00:00Z", quiz: 0.7)) }
    let change = document.applying(
      [try observation("q", "2026-01-15T08:00:00Z", quiz: 0.7)], now: try time("2026-01-15T09:00:00Z"), cutoff: try day("2025-10-03"))
    #expect(change.judged?.isWithinInterval == true && abs(change.judged?.error ?? 1) < 1e-12)
  }

  @Test("A weekly forecast made by a clock far ahead is dropped, not waited for")
  func wrongClock() throws {
    var document = try student(after: [(5, 0.5), (6, 0.6), (8, 0.9)]).document
    document.ledger.forecast = WeeklyForecast(due: try day("2031-01-01"), score: 0.5, interval: 0.4...0.6)
    let change = document.applying(
      [try observation("q", "2026-01-09T08:00:00Z", quiz: 0.7)], now: try time("2026-01-09T09:00:00Z"), cutoff: try day("2025-10-03"))
    #expect(change.judged == nil && change.document.ledger.forecast?.due.iso8601 == "2026-01-16")
  }

  @Test("The weekly forecast stays if nothing new comes")
  func redelivery() throws {
    let document = try student(after: [(5, 0.5), (6, 0.6), (8, 0.9)]).document
    let change = document.applying(
      [try observation("q8", "2026-01-08T08:00:00Z", quiz: 0.9)], now: try time("2026-03-01T09:00:00Z"), cutoff: try day("2025-10-03"))
    #expect(!change.isChanged && change.judged == nil && change.document.ledger == document.ledger)
  }
}
