import MasteryCore
import Testing

@Suite("The learning pattern")
struct LearningPatternTests {
  /// A student who was active on these days, counted so that today is day 0.
  private func pattern(_ days: [Int], seenFrom: Int = -90) throws -> LearningPattern {
    let today = try day("2026-03-15")
    var record = EvidenceRecord(cutoff: today.advanced(by: -100))
    for number in days { record.merge(try observation("e\(number)", "\(today.advanced(by: number).iso8601)T08:00:00Z", quiz: 1)) }
    return LearningPattern(of: record, asOf: today, from: today.advanced(by: seenFrom))
  }

  @Test("A student whose first evidence is less than two weeks old is new")
  func new() throws {
    let pattern = try pattern([-13, -12, -1])
    #expect(pattern.kind == .new && pattern.longestGapDays == 10 && abs(pattern.activeDaysPerWeek - 1.5) < 1e-12)
    #expect(pattern.reason == "The first evidence is less than two weeks old; 1.5 active days a week so far.")
    #expect(try self.pattern([-14, -7, 0]).kind != .new)
    #expect(try self.pattern([-50, -5, 0]).kind != .new)
    #expect(try self.pattern([]).kind == .new)
  }

  @Test("A student who came back within two weeks, after two weeks or more without evidence, is returning")
  func returning() throws {
    #expect(try pattern([-41, -30, -15, 0]).kind == .returning)
    #expect(try pattern([-60, -13]).kind == .returning)
    #expect(try pattern([-60, -13]).reason == "Active again after a break of two weeks or more; the last evidence was 13 days ago.")
    #expect(try pattern([-41, -30, -14, 0]).kind != .returning)
    #expect(try pattern([-60, -41, -22, 0]).kind == .returning)
  }

  @Test("A student who did nothing in two weeks, or less than half as much as before, is fading")
  func fading() throws {
    #expect(try pattern([-41, -38, -34, -28, -22, -19, -14]).kind == .fading)
    #expect(try pattern([-41, -38, -34, -31, -28, -26, -20, -15, -5]).kind != .fading)
    #expect(try pattern([-41, -38, -36, -34, -31, -28, -26, -20, -15, -5]).kind == .fading)
    let gone = try pattern([-60, -50])
    #expect(gone.kind == .fading && gone.longestGapDays == 42 && gone.activeDaysPerWeek == 0)
    #expect(gone.reason == "Less and less activity, 0.0 active days a week; the last evidence was over 42 days ago.")
  }

  @Test("A student with a week or more between bursts of work is bursty, and one without such gaps is steady")
  func bursts() throws {
    let bursts = try pattern([-40, -39, -30, -29, -20, -19, -8, -7, -1])
    #expect(bursts.kind == .bursts && bursts.longestGapDays == 10)
    #expect(bursts.reason == "Active in bursts, 1.5 active days a week, with up to 10 days between them.")
    let steady = try pattern([-35, -28, -21, -14, -7, 0])
    #expect(steady.kind == .steady && steady.longestGapDays == 6)
    #expect(steady.reason == "Regularly active, 1.2 active days a week, never a week without.")
    #expect(try pattern([-36, -28, -21, -14, -7, 0]).kind == .bursts)
  }

  @Test("Only the last six weeks count for the pattern, and only what retention still shows")
  func window() throws {
    #expect(try pattern([-80, -42, -40, -33, -26, -19, -12, -5]).longestGapDays == 6)
    let seen = try pattern([-30, -5, -2], seenFrom: -6)
    #expect(seen.longestGapDays == 2 && abs(seen.activeDaysPerWeek - 2) < 1e-12)
  }

  @Test("A student whose record a clock that was ahead has cut after today is shown without activity", arguments: [1, 2, 30])
  func cutAhead(_ days: Int) throws {
    let today = try day("2026-03-15")
    var record = EvidenceRecord(cutoff: today.advanced(by: days))
    record.merge(try observation("e", "2026-03-12T08:00:00Z", quiz: 1))
    let trajectory = Trajectory(of: record, days: 30, asOf: today, from: today.advanced(by: -90))
    #expect(trajectory.points.isEmpty)
    #expect(trajectory.pattern.kind == .fading && trajectory.pattern.activeDaysPerWeek == 0 && trajectory.pattern.longestGapDays == 1)
    #expect(trajectory.pattern.reason.contains("0.0 active days a week"))
  }

  @Test("A trajectory looks back to today and ahead from it")
  func trajectory() throws {
    let today = try day("2026-03-15")
    var record = EvidenceRecord(cutoff: today.advanced(by: -100))
    for number in [-50, -20, -9, -2] {
      record.merge(
        try observation("e\(number)", "\(today.advanced(by: number).iso8601)T08:00:00Z", completion: Double(number + 60) / 100))
    }
    let trajectory = Trajectory(of: record, days: 10, horizon: 99, asOf: today, from: today.advanced(by: -90))
    #expect(trajectory.points.map(\.day) == Array(today.advanced(by: -9)...today))
    #expect(trajectory.forecast.map(\.days) == Array(1...30))
    #expect(trajectory.forecast[6] == Forecast(of: record, asOf: today, from: today.advanced(by: -90)))
    #expect(trajectory.pattern == LearningPattern(of: record, asOf: today, from: today.advanced(by: -90)))
    let hidden = Trajectory(of: record, days: 30, asOf: today.advanced(by: -40), from: today.advanced(by: -90))
    #expect(hidden.forecast.isEmpty && hidden.points.count == 11)
  }
}
