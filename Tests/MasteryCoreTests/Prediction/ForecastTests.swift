import Foundation
import MasteryCore
import NaiveMastery
import Testing

@Suite("Forecasts")
struct ForecastTests {
  /// Numbers that are easy to calculate by hand.
  private let plain = ForecastModel(
    growth: [0.1, -0.05, 0.02, -0.04], meanReversion: 0.5,
    errors: [.init(days: 1, size: 0.2, reaches: Self.reaches(0.1, 1)), .init(days: 11, size: 0.4, reaches: Self.reaches(0.2, 3))],
    risk: [1, -2, 0, 0, -10, -1, 2, 0, 0, -10])

  /// Reaches of all groups: as given for few days, low scores and short idleness, and none for the others.
  private static func reaches(_ down: Double, _ up: Double) -> [ForecastModel.Reach] {
    (0..<IntervalGroup.count).map { $0 == 1 ? .init(down: down, up: up) : .init(down: 0, up: 0) }
  }

  /// Completion 0.1, 0.2, 0.4 and quizzes 1, 0.5 on three days, the last of them three days ago.
  private func basis() throws -> ForecastBasis {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-05T09:00:00Z", completion: 0.1, quiz: 1))
    record.merge(try observation("b", "2026-01-08T09:00:00Z", completion: 0.2, consistency: 0.5))
    record.merge(try observation("c", "2026-01-12T09:00:00Z", completion: 0.4, quiz: 0.5))
    return ForecastBasis(of: record, asOf: try day("2026-01-15"), from: try day("2026-01-01"))
  }

  @Test("A forecast six days ahead has the values worked out by hand")
  func byHand() throws {
    let forecast = Forecast(from: try basis(), days: 6, model: plain)
    let expectation = try #require(forecast.expectation)
    // Three active days in 10 + 60: likely active within six days.
    let activity = 1 - exp(-6.0 * 3 / 70)
    // A fifth of a month; there is room, and 3 / 70 × 30 × 0.06 exceeds the full pace; age 10, idle 3 of 28, steps of 0.06 of 0.1.
    let growth = 0.2 * (0.1 - 0.05 * 30 / 40 + 0.02 * 3 / 28 - 0.04 * 0.6) + 0.5 * activity * 0.4 * (0.211 - 0.4)
    // That is less than half of the student's own pace.
    let own = 0.5 * 3 / 70 * 6 * 0.06
    #expect(growth < own)
    let change = own + 0.5 * activity * 0.3 * 0.35
    #expect(abs(expectation.score - (0.36 + change)) < 1e-12)
    // Half-way between the two known horizons.
    let spread = (3 * activity + 0.2) / 4 * (1 + 3.0 / 56)
    // From the present score on; upwards a step of 0.06 counts with the usual one of 0.12.
    #expect(abs(expectation.low - (0.36 - 0.15 * spread)) < 1e-12)
    #expect(abs(expectation.high - (0.36 + 2 * spread * (0.12 + 0.06))) < 1e-12)
    #expect(abs(expectation.risk - 1 / (1 + exp(-(1 - 2 * activity - 10 * change)))) < 1e-12)
    #expect(abs(forecast.confidence - 0.3 * pow(0.5, 0.1)) < 1e-12)
    // A change of 0.018 or more would do, but its standard error is larger.
    #expect(forecast.trend == .stable && change < 0.3 * spread / 3.0.squareRoot())
    #expect(forecast.reason.code == .belowOwnAverage)
  }

  @Test("Nothing is predicted before three days with evidence")
  func tooLittle() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-05T09:00:00Z", completion: 0.1))
    record.merge(try observation("b", "2026-01-05T10:00:00Z", quiz: 0.5))
    record.merge(try observation("c", "2026-01-06T10:00:00Z", quiz: 0.5))
    let forecast = Forecast(of: record, asOf: try day("2026-01-07"), from: try day("2026-01-01"))
    #expect(forecast.expectation == nil && forecast.confidence == 0 && forecast.trend == .stable && forecast.days == 7)
    #expect(forecast.reason == .insufficientHistory(days: 2) && forecast.reason.code.rawValue == "insufficient_history")
    #expect(forecast.reason.sentence == "Nothing is predicted before 3 days with evidence; 2 days are known.")
    record.merge(try observation("d", "2026-01-07T10:00:00Z", quiz: 0.5))
    #expect(Forecast(of: record, asOf: try day("2026-01-07"), from: try day("2026-01-01")).expectation != nil)
    let nobody = Forecast(of: EvidenceRecord(cutoff: try day("2026-01-01")), asOf: try day("2026-01-07"), from: try day("2026-01-01"))
    #expect(nobody.expectation == nil && nobody.reason == .insufficientHistory(days: 0))
  }

  @Test("A student who has completed everything is not expected to complete more, and one who stands still is not expected to move")
  func noGrowth() throws {
    for completion in [1, 0.5] {
      var record = EvidenceRecord(cutoff: try day("2026-01-01"))
      for number in 1...9 { record.merge(try observation("\(number)", "2026-01-0\(number)T09:00:00Z", completion: completion, quiz: 0.5)) }
      let forecast = Forecast(of: record, days: 30, asOf: try day("2026-01-09"), from: try day("2026-01-01"))
      #expect(abs((forecast.expectation?.score ?? 0) - forecast.current.value) < 1e-12)
      #expect(forecast.reason == .steady(idleDays: 0))
    }
  }

  @Test("A forecast has a score, an interval around it and a risk, all from 0 to 1, at every horizon", arguments: UInt64(6_000)..<6_200)
  func bounds(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    var record = EvidenceRecord(cutoff: Day(number: course.cutoff))
    for event in course.shuffled() { record.merge(try Observation(event)) }
    let today = Day(number: RandomCourse.firstDay + course.number(12...80))
    var widths: [Double] = []
    for days in Forecast.horizons {
      let forecast = Forecast(of: record, days: days, asOf: today, from: record.cutoff)
      #expect((0...0.9).contains(forecast.confidence))
      guard let expectation = forecast.expectation else { continue }
      #expect(0 <= expectation.low && expectation.low <= expectation.score)
      #expect(expectation.score <= expectation.high && expectation.high <= 1)
      // A student who does nothing keeps the current score, so the interval must include it.
      #expect(expectation.low <= forecast.current.value && forecast.current.value <= expectation.high)
      #expect((0...1).contains(expectation.risk) && expectation.interventionNeeded == (expectation.risk >= 0.5))
      widths.append(expectation.high - expectation.low)
    }
    #expect((widths.last ?? 0) >= (widths.first ?? 0) - 1e-12)
  }

  @Test("Forecast horizons are clamped to between a day and a month")
  func horizons() throws {
    #expect(Forecast(from: try basis(), days: 0) == Forecast(from: try basis(), days: 1))
    #expect(Forecast(from: try basis(), days: 31) == Forecast(from: try basis(), days: 30))
    #expect(Forecast(from: try basis()).days == 7)
  }

  @Test("The trend of a forecast needs a change over 0.02 that exceeds its own standard error")
  func trends() throws {
    func trend(_ growth: Double, size: Double) throws -> Trend {
      let model = ForecastModel(
        growth: [growth, 0, 0, 0], meanReversion: 0, errors: [.init(days: 30, size: size, reaches: [])], risk: plain.risk)
      return Forecast(from: try basis(), days: 30, model: model).trend
    }
    #expect(try trend(0.1, size: 0.01) == .improving)
    #expect(try trend(0.1, size: 1) == .stable)
  }

  @Test("The reason of a forecast says in words what is expected and why")
  func reasons() throws {
    #expect(
      ForecastReason.movingOn(change: 0.0312, idleDays: 1).sentence
        == "The student is expected to go on with the course, which brings about 3.1 points of mastery; the last evidence is 1 day old.")
    #expect(
      ForecastReason.aboveOwnAverage(change: -0.02).sentence
        == "The newest scores lie over the student's own average and are expected to fall back by about 2.0 points of mastery.")
    #expect(ForecastReason.steady(idleDays: 0).sentence == "Nothing speaks for a change; the last evidence is of today.")
    #expect(ForecastReason.insufficientHistory(days: 1).sentence == "Nothing is predicted before 3 days with evidence; 1 day is known.")
  }
}
