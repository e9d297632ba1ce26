import MasteryCore
import NaiveMastery
import Testing

@Suite("The basis of a forecast")
struct ForecastBasisTests {
  private func agree(_ basis: ForecastBasis, _ naive: NaiveForecast) -> Bool {
    basis.knownDays == naive.knownDays && basis.activeDays == naive.activeDays && basis.idleDays == naive.idleDays && basis.age == naive.age
      && [
        (basis.mastery.value, naive.mastery), (basis.gain, naive.gain), (basis.completionReversion, naive.completionReversion),
        (basis.otherReversion, naive.otherReversion),
      ].allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test("The basis of a forecast for a few days has the values worked out by hand")
  func byHand() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-05T09:00:00Z", completion: 0.1, quiz: 1))
    record.merge(try observation("b", "2026-01-08T09:00:00Z", completion: 0.2, consistency: 0.5))
    record.merge(try observation("c", "2026-01-12T09:00:00Z", completion: 0.4, quiz: 0.5))
    record.merge(try observation("later", "2026-01-20T09:00:00Z", completion: 0.9, quiz: 0))
    let basis = ForecastBasis(of: record, asOf: try day("2026-01-15"), from: try day("2026-01-01"))
    #expect(basis.knownDays == 3 && basis.activeDays == 3)
    #expect(basis.age == 10 && basis.idleDays == 3)
    // 0.4 × 0.4 + 0.3 × 0.5 + 0.1 × 0.5
    #expect(abs(basis.mastery.value - 0.36) < 1e-12)
    // 0.4 × (0.4 − 0.1) / 2
    #expect(abs(basis.gain - 0.06) < 1e-12)
    #expect(abs(basis.room - 0.24) < 1e-12)
    // 0.1, then 0.7 × 0.1 + 0.3 × 0.2 = 0.13, then 0.7 × 0.13 + 0.3 × 0.4 = 0.211; less 0.4.
    #expect(abs(basis.completionReversion - 0.4 * (0.211 - 0.4)) < 1e-12)
    // 0.7 × 1 + 0.3 × 0.5 = 0.85; less 0.5. Consistency has one score, which is its own average.
    #expect(abs(basis.otherReversion - 0.3 * 0.35) < 1e-12)
  }

  @Test("Values in force before the window count in the basis, each with its day")
  func beforeTheWindow() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-10"))
    record.merge(try observation("a", "2026-01-02T09:00:00Z", completion: 0.1))
    record.merge(try observation("b", "2026-01-05T09:00:00Z", completion: 0.2))
    record.merge(try observation("c", "2026-01-06T09:00:00Z", quiz: 0.8))
    record.merge(try observation("d", "2026-01-12T09:00:00Z", completion: 0.5))
    let basis = ForecastBasis(of: record, asOf: try day("2026-01-14"), from: try day("2026-01-10"))
    // The 5th, the 6th and the 12th; the 2nd is superseded.
    #expect(basis.knownDays == 3 && basis.activeDays == 1)
    #expect(basis.age == 4 && basis.idleDays == 2)
    #expect(abs(basis.gain - 0.4 * 0.3) < 1e-12)
    let nothing = ForecastBasis(of: record, asOf: try day("2026-01-11"), from: try day("2026-01-10"))
    #expect(nothing.activeDays == 0 && nothing.knownDays == 2 && nothing.idleDays == 5)
  }

  @Test("The basis of a forecast matches the naive calculation, in whatever order events come", arguments: UInt64(5_000)..<5_300)
  func againstNaive(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    let naive = NaiveStudent(events: course.events, cutoff: course.cutoff)
    var record = EvidenceRecord(cutoff: Day(number: course.cutoff))
    for event in course.shuffled() { record.merge(try Observation(event)) }
    var other = EvidenceRecord(cutoff: Day(number: course.cutoff))
    for batch in course.batches() { for event in batch { other.merge(try Observation(event)) } }
    let today = RandomCourse.firstDay + course.number(12...45)
    let first = max(course.cutoff, today - course.number(0...40))
    guard today >= first else { return }
    let basis = ForecastBasis(of: record, asOf: Day(number: today), from: Day(number: first))
    #expect(agree(basis, NaiveForecast(of: naive, today: today, first: first)))
    #expect(basis == ForecastBasis(of: other, asOf: Day(number: today), from: Day(number: first)))
  }

  @Test("The basis of a forecast for a real course matches the naive calculation", arguments: ["2013-05-15", "2013-12-15", "2014-03-01"])
  func realCourse(date: String) throws {
    let today = try day(date)
    for (_, events) in try Samples.students() {
      var record = EvidenceRecord(cutoff: today.advanced(by: -90))
      for event in events where event.day <= today.number { record.merge(try Observation(event)) }
      let naive = NaiveStudent(events: events, cutoff: record.cutoff.number)
      let basis = ForecastBasis(of: record, asOf: today, from: record.cutoff)
      #expect(agree(basis, NaiveForecast(of: naive, today: today.number, first: record.cutoff.number)))
    }
  }
}
