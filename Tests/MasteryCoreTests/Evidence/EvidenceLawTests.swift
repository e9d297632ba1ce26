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
    let topics = risen.topics.map { TopicRecord(topic: $0.topic, cutoff: risen.cutoff, days: $0.days, baseline: $0.baseline) }
    #expect(EvidenceRecord(cutoff: risen.cutoff, topics: topics.compactMap(\.self), cohorts: risen.cohorts) == risen)
  }

  @Test("The evidence in force matches the naive calculation on every day, by whatever rule", arguments: UInt64(0)..<300)
  func againstNaive(seed: UInt64) throws {
    let course = RandomCourse(seed: seed)
    let scoring = Scoring.allCases[Int(seed / 6 % 3)]
    let naive = NaiveStudent(events: course.events, cutoff: course.cutoff, scoring: scoring.rawValue)
    var record = try record(of: course.events, cutoff: course.cutoff)
    record.scoring = scoring
    #expect(record.cohort?.cohort.text == naive.cohort)
    #expect(Dictionary(uniqueKeysWithValues: record.cohorts.map { ($0.course?.text, $0.cohort.text) }) == naive.cohorts)
    #expect(Set(record.topics.map { NaivePlace(course: $0.topic.course?.text, topic: $0.topic.topic?.text) }) == naive.places)
    for topic in record.topics {
      let place = NaivePlace(course: topic.topic.course?.text, topic: topic.topic.topic?.text)
      for component in Component.allCases {
        #expect(topic.baseline[component]?.latest.event.text == naive.baseline(component.rawValue, at: place)?.event.id)
        let latest = topic.latest()[component]
        let expected = naive.inForce(component.rawValue, at: place)
        #expect(latest?.event.text == expected?.event.id && latest?.source?.text == expected?.event.source)
      }
    }
    for number in stride(from: course.cutoff - 2, through: RandomCourse.firstDay + 42, by: 3) {
      let components = record.components(asOf: Day(number: number))
      #expect(agree(components.plain, naive.components(asOf: number)))
      #expect(record.isKnown(asOf: Day(number: number)) == naive.isKnown(asOf: number))
      for course in record.courses {
        #expect(
          agree(record.components(of: .course(course), asOf: Day(number: number)).plain, naive.components(asOf: number, in: [course.text])))
      }
    }
    let mastery = record.mastery()
    #expect(abs(mastery.value - naive.mastery()) < 1e-12)
    #expect(mastery.level.rawValue == NaiveScore.level(naive.mastery()))
    #expect(mastery.shown == NaiveScore.shown(naive.mastery()))
    #expect(Set(mastery.components.weak.map(\.rawValue)) == naive.weak())
  }
}
