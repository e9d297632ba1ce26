import MasteryCore
import NaiveMastery
import Testing

@Suite("The law of evidence")
struct EvidenceLawTests {
  private func record(of events: [NaiveEvent], cutoff: Int) throws -> EvidenceRecord {
    var record = EvidenceRecord(cutoff: Day(number: cutoff))
    for event in events { record.merge(try Observation(event)) }
    return record
  }

  @Test("Any order, repetition and batching of the same observations give the same record", arguments: UInt64(0)..<300)
  func order(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    let expected = try record(of: course.events, cutoff: course.cutoff)
    let shuffled = try record(of: course.shuffled(), cutoff: course.cutoff)
    let batched = try record(of: course.batches().flatMap(\.self), cutoff: course.cutoff)
    #expect(shuffled == expected && batched == expected)
  }

  @Test("The evidence record ends up the same, whenever the cutoff rises", arguments: UInt64(0)..<300)
  func risingCut(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    let last = course.cutoff + course.number(0...30)
    let expected = try record(of: course.events, cutoff: last)
    var risen = EvidenceRecord(cutoff: Day(number: course.cutoff))
    for batch in course.batches() {
      for event in batch { risen.merge(try Observation(event)) }
      risen.raise(cutoff: Day(number: course.number(course.cutoff - 5...last)))
    }
    risen.raise(cutoff: Day(number: last))
    #expect(risen == expected)
    #expect(EvidenceRecord(cutoff: risen.cutoff, days: risen.days, baseline: risen.baseline, cohort: risen.cohort) == risen)
  }

  @Test("The evidence in force matches the naive calculation on every day", arguments: UInt64(0)..<200)
  func againstNaive(seed: UInt64) throws {
    let course = RandomCourse(seed: seed)
    let naive = NaiveStudent(events: course.events, cutoff: course.cutoff)
    let record = try record(of: course.events, cutoff: course.cutoff)
    #expect(record.cohort?.cohort.text == naive.cohort)
    for component in Component.allCases {
      #expect(record.baseline[component]?.event.text == naive.baseline(component.rawValue)?.event.id)
      let latest = record.latest()[component]
      let expected = naive.latest(component.rawValue, in: ...Int.max)
      #expect(latest?.event.text == expected?.event.id && latest?.source?.text == expected?.event.source)
    }
    for number in stride(from: course.cutoff, through: RandomCourse.firstDay + 42, by: 3) {
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
