import MasteryCore
import Testing

@Suite("The evidence record")
struct EvidenceRecordTests {
  @Test("The later of two pieces of evidence counts, whichever comes first, and a repetition changes nothing")
  func latestStands() throws {
    let early = try observation("a", "2026-01-05T08:00:00Z", quiz: 0.9)
    let late = try observation("b", "2026-01-05T09:00:00Z", quiz: 0.3)
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    #expect(record.isEmpty)
    let changed = [early, late, early, late].map { record.merge($0) }
    #expect(changed == [true, true, false, false])
    #expect(try record.general.days.count == 1)
    #expect(try record.general.latest().quiz?.event.text == "b")
    #expect(!record.isEmpty)
  }

  @Test("An observation without scores changes nothing, not even the cohort")
  func noScores() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    let changed = record.merge(try observation("a", "2026-01-05T08:00:00Z", cohort: "north"))
    #expect(!changed && record == EvidenceRecord(cutoff: record.cutoff))
  }

  @Test("The cohort of a record is that of the latest evidence that names one, superseded or not")
  func cohort() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("b", "2026-01-05T08:00:00Z", cohort: "north", quiz: 1))
    record.merge(try observation("c", "2026-01-06T08:00:00Z", quiz: 1))
    #expect(record.cohort?.cohort.text == "north")
    let older = record.merge(try observation("a", "2025-06-01T08:00:00Z", cohort: "south", quiz: 1))
    #expect(try older && record.cohort?.cohort.text == "north" && record.general.baseline.quiz != nil)
    record.merge(try observation("d", "2026-01-05T08:00:00Z", cohort: "west", quiz: 1))
    #expect(record.cohort?.cohort.text == "west")
  }

  @Test("A record's rising cutoff folds its days into the baseline and never falls")
  func raisingTheCut() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-02T08:00:00Z", completion: 0.2, quiz: 0.2))
    record.merge(try observation("b", "2026-01-03T08:00:00Z", quiz: 0.3))
    record.merge(try observation("c", "2026-01-04T00:00:00Z", quality: 0.4))
    record.raise(cutoff: try day("2026-01-04"))
    #expect(record.cutoff.iso8601 == "2026-01-04")
    #expect(try record.general.days.map(\.day.iso8601) == ["2026-01-04"])
    #expect(
      try record.general.baseline.completion?.latest.event.text == "a" && record.general.baseline.quiz?.latest.event.text == "b"
        && record.general.baseline.quality == nil)
    let before = record
    record.raise(cutoff: try day("2026-01-02"))
    #expect(record == before)
    let superseded = record.merge(try observation("0", "2026-01-03T08:00:00Z", quiz: 1))
    let superseding = record.merge(try observation("c", "2026-01-03T08:00:00Z", quiz: 1))
    #expect(!superseded && superseding)
    record.raise(cutoff: try day("2027-01-01"))
    #expect(try record.general.days.isEmpty && record.general.baseline.quality?.latest.event.text == "c")
  }

  @Test("The value in force at the end of a day comes from that day or an earlier one")
  func asOf() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-10"))
    record.merge(try observation("a", "2026-01-04T08:00:00Z", completion: 0.1))
    record.merge(try observation("b", "2026-01-12T08:00:00Z", quiz: 0.2))
    record.merge(try observation("c", "2026-01-14T23:59:59.999Z", completion: 0.3))
    func events(_ date: String?) throws -> [String] {
      try record.general.latest(asOf: date.map(day)).map { "\($0.component.rawValue) \($0.value.event.text)" }
    }
    #expect(try events("2026-01-03") == [])
    #expect(try events("2026-01-04") == ["completion a"])
    #expect(try events("2026-01-10") == ["completion a"])
    #expect(try events("2026-01-12") == ["completion a", "quiz b"])
    #expect(try events("2026-01-13") == ["completion a", "quiz b"])
    #expect(try events("2026-01-14") == ["completion c", "quiz b"])
    #expect(try events(nil) == ["completion c", "quiz b"])
  }

  @Test(
    "Consistency is derived from the active days since the cutoff if none is ever given",
    arguments: [
      ([], nil), ([0], 1), ([0, 1, 2], 1), ([0, 1, 2, 4], 1.0 / 3 * 0.9), ([0, 4], 0.729), ([0, 4, 5], 1), ([0, 1, 5], 0.5 * 0.729),
      ([0, 1, 2, 5, 6], 2.0 / 3), ([-3, 0], 1), ([-1, 0, 2], 0.9), ([-4], nil),
    ] as [([Int], Double?)])
  func derivedConsistency(active: [Int], expected: Double?) throws {
    let cutoff = try day("2026-01-10")
    var record = EvidenceRecord(cutoff: cutoff)
    for offset in active { record.merge(try observation("e", cutoff.advanced(by: offset).start.iso8601, quiz: 0.5)) }
    let derived = record.components().consistency?.value
    #expect((derived == nil) == (expected == nil))
    #expect(abs((derived ?? 0) - (expected ?? 0)) < 1e-12)
  }

  @Test("Consistency evidence, once there, replaces the derived value, even if it is from before the cutoff")
  func givenConsistency() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-10"))
    record.merge(try observation("a", "2026-01-11T08:00:00Z", quiz: 0.5))
    record.merge(try observation("b", "2026-01-12T08:00:00Z", consistency: 0.2))
    #expect(record.components(asOf: try day("2026-01-11")).consistency == .one)
    #expect(record.components(asOf: try day("2026-01-12")).consistency?.value == 0.2)
    record.merge(try observation("0", "2026-01-01T08:00:00Z", consistency: 0.3))
    #expect(record.components(asOf: try day("2026-01-11")).consistency?.value == 0.3)
    #expect(record.mastery(asOf: try day("2026-01-11")).shown == 0.18)
  }

  @Test("A stored record is accepted only if its days are in order and everything is on its side of the cutoff")
  func storedRecords() throws {
    let cutoff = try day("2026-01-10")
    var record = EvidenceRecord(cutoff: cutoff)
    record.merge(try observation("a", "2026-01-09T23:59:59.999Z", cohort: "north", quiz: 0.5))
    record.merge(try observation("b", "2026-01-10T00:00:00Z", quiz: 0.5))
    record.merge(try observation("c", "2026-01-12T00:00:00Z", quiz: 0.5))
    let (days, baseline) = (try record.general.days, try record.general.baseline)
    func stored(_ days: [EvidenceDay], _ baseline: ComponentValues<EarlierEvidence>, cutoff: Day) -> TopicRecord? {
      TopicRecord(topic: .none, cutoff: cutoff, days: days, baseline: baseline)
    }
    let whole = try #require(stored(days, baseline, cutoff: cutoff))
    #expect(EvidenceRecord(cutoff: cutoff, topics: [whole], cohorts: record.cohorts) == record)
    #expect(EvidenceRecord(cutoff: cutoff, topics: [], cohorts: []) == EvidenceRecord(cutoff: cutoff))
    #expect(EvidenceRecord(cutoff: cutoff, topics: [whole, whole], cohorts: []) == nil)
    #expect(EvidenceRecord(cutoff: cutoff, topics: [whole], cohorts: record.cohorts + record.cohorts) == nil)
    #expect(stored([], ComponentValues(), cutoff: cutoff) == nil)
    #expect(stored(days.reversed(), baseline, cutoff: cutoff) == nil)
    #expect(stored([days[0], days[0]], baseline, cutoff: cutoff) == nil)
    #expect(stored(days, baseline, cutoff: cutoff.advanced(by: 1)) == nil)
    #expect(stored(days, days[0].latest.map { EarlierEvidence($0) }, cutoff: cutoff) == nil)
    #expect(EvidenceDay(day: cutoff, latest: days[0].latest) == days[0])
    #expect(EvidenceDay(day: cutoff.advanced(by: 1), latest: days[0].latest) == nil)
    #expect(EvidenceDay(day: cutoff, latest: ComponentValues()) == nil)
  }
}
