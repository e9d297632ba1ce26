import MasteryCore
import Testing

@Suite("The trend")
struct TrendTests {
  /// A history in which quizzes alone yield mastery: consistency is given as 0 so that it is not derived.
  private func trend(_ values: [(offset: Int, quiz: Double)], days: Int = 30) throws -> Trend {
    let last = try day("2026-03-31")
    var record = EvidenceRecord(cutoff: last.advanced(by: -89))
    for (offset, quiz) in values {
      record.merge(try observation("e\(offset)", last.advanced(by: offset).start.iso8601, quiz: quiz, consistency: 0))
    }
    return DailyHistory(of: record, from: record.cutoff, through: last).trend(days: days, endingOn: last)
  }

  @Test("A window with fewer than three days of evidence has a stable trend")
  func tooFew() throws {
    #expect(try trend([]) == .stable)
    #expect(try trend([(-20, 0), (-1, 1)]) == .stable)
    // The third day is just outside the 30 days, then just inside.
    #expect(try trend([(-30, 0), (-20, 0.3), (-1, 1)]) == .stable)
    #expect(try trend([(-29, 0), (-20, 0.3), (-1, 1)]) == .improving)
  }

  @Test("A straight rise or fall shows as a trend if it is over 0.02 in the window")
  func straightLines() throws {
    // Quiz + 0.0025 a day is mastery + 0.00075 a day, 0.0225 in 30 days; 0.0022 a day makes 0.0198.
    #expect(try trend([(-20, 0.5), (-10, 0.525), (0, 0.55)]) == .improving)
    #expect(try trend([(-20, 0.55), (-10, 0.525), (0, 0.5)]) == .declining)
    #expect(try trend([(-20, 0.5), (-10, 0.522), (0, 0.544)]) == .stable)
    #expect(try trend([(-20, 0.544), (-10, 0.522), (0, 0.5)]) == .stable)
    #expect(try trend([(-20, 0.5), (-10, 0.5), (0, 0.5)]) == .stable)
  }

  @Test("A change within its own standard error is stable")
  func standardError() throws {
    // Days -2, -1, 0 with mastery 0, 0.3, 0.15: slope 0.075, residuals -0.075, 0.15, -0.075, error √(0.03375 / 2) = 0.1299.
    #expect(try trend([(-2, 0), (-1, 1), (0, 0.5)]) == .stable)
    // With 0, 0.18, 0.24: slope 0.12, residuals -0.02, 0.04, -0.02, error √(0.0024 / 2) = 0.0346.
    #expect(try trend([(-2, 0), (-1, 0.6), (0, 0.8)]) == .improving)
  }

  @Test("The trend goes by real days, not by positions in a list")
  func realDays() throws {
    // Mastery 0, 0.15, 0.15 on days -29, -1, 0: slope about 0.0053 a day, nearly without error.
    #expect(try trend([(-29, 0), (-1, 0.5), (0, 0.5)]) == .improving)
    #expect(try trend([(-29, 0), (-1, 0.5), (0, 0.5)], days: 10) == .stable)
  }

  @Test("A change must exceed both 0.02 and its standard error to be a trend")
  func limits() {
    #expect(Trend(change: 0.02, standardError: 0) == .stable)
    #expect(Trend(change: 0.020_001, standardError: 0.02) == .improving)
    #expect(Trend(change: -0.020_001, standardError: 0.02) == .declining)
    #expect(Trend(change: 0.5, standardError: 0.5) == .stable)
    #expect(Trend(change: -0.5, standardError: 0.6) == .stable)
  }
}
