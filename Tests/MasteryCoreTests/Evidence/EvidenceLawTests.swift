import MasteryCore
import NaiveMastery
import Testing

@Suite("The law of evidence")
struct EvidenceLawTests {
  private func record(of events: [NaiveEvent], cut: Int) throws -> EvidenceRecord {
    var record = EvidenceRecord(cut: Day(number: cut))
    for event in events { record.merge(try Observation(event)) }
    return record
  }

  @Test("Any order, repetition and batching of the same observations give the same record", arguments: UInt64(0)..<300)
  func order(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    let expected = try record(of: course.events, cut: course.cut)
    let shuffled = try record(of: course.shuffled(), cut: course.cut)
    let batched = try record(of: course.batches().flatMap(\.self), cut: course.cut)
    #expect(shuffled == expected && batched == expected)
  }

  @Test("The evidence record ends up the same, whenever the cut rises", arguments: UInt64(0)..<300)
  func risingCut(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    let last = course.cut + course.number(0...30)
    let expected = try record(of: course.events, cut: last)
    var risen = EvidenceRecord(cut: Day(number: course.cut))
    for batch in course.batches() {
      for event in batch { risen.merge(try Observation(event)) }
      risen.raise(cut: Day(number: course.number(course.cut - 5...last)))
    }
    risen.raise(cut: Day(number: last))
    #expect(risen == expected)
    #expect(EvidenceRecord(cut: risen.cut, days: risen.days, baseline: risen.baseline, cohort: risen.cohort) == risen)
  }

  @Test("The evidence in force matches the naive calculation on every day", arguments: UInt64(0)..<200)
  func againstNaive(seed: UInt64) throws {
    let course = RandomCourse(seed: seed)
    let naive = NaiveStudent(events: course.events, cut: course.cut)
    let record = try record(of: course.events, cut: course.cut)
    #expect(record.cohort?.cohort.text == naive.cohort)
    for component in Component.allCases {
      #expect(record.baseline[component]?.event.text == naive.baseline(component.rawValue)?.event.id)
      let latest = record.latest()[component]
      let expected = naive.latest(component.rawValue, in: ...Int.max)
      #expect(latest?.event.text == expected?.event.id && latest?.source?.text == expected?.event.source)
    }
    for number in stride(from: course.cut, through: RandomCourse.firstDay + 42, by: 3) {
      let components = record.components(asOf: Day(number: number))
      #expect(agree(components.plain, naive.components(asOf: number)))
    }
    let mastery = record.mastery()
    #expect(abs(mastery.value - naive.mastery()) < 1e-12)
    #expect(mastery.level.rawValue == NaiveScore.level(naive.mastery()))
    #expect(mastery.shown == NaiveScore.shown(naive.mastery()))
    #expect(Set(mastery.components.weak.map(\.rawValue)) == naive.weak())
  }
}
