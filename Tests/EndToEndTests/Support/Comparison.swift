import Foundation
import MasteryCore
import NaiveMastery
import Testing

@testable import MasteryService

/// Compares stored documents with the naive calculation from all events.
enum Comparison {
  static func key(_ line: Course.Line) throws -> StudentKey {
    StudentKey(school: line.school.flatMap(SchoolID.init), student: try #require(StudentID(line.naive.student)))
  }

  /// Every student of the course has a document, and each matches the events.
  static func check(_ course: Course, _ documents: [StudentKey: StudentDocument]) throws {
    let events = course.byStudent
    let keys = Set(try course.lines.map(key))
    #expect(documents.count == keys.count)
    for key in keys {
      let document = try #require(documents[key], "no document of \(key.student.text)")
      let naive = NaiveStudent(events: events[key.student.text] ?? [], cutoff: document.evidence.cutoff.number)
      try check(document, naive)
    }
  }

  /// Evidence in force, baseline and days of each topic, mastery and cohort.
  static func check(_ document: StudentDocument, _ naive: NaiveStudent) throws {
    let student = Comment(rawValue: document.student.text)
    let topics = document.evidence.topics
    #expect(Set(topics.map { place($0.topic) }) == naive.places && topics.count == naive.places.count, student)
    for topic in topics { check(topic, naive, student) }
    #expect(abs(document.evidence.mastery().value - naive.mastery()) < 1e-12, student)
    #expect(document.evidence.cohort?.cohort.text == naive.cohort, student)
    #expect(document.ledger.revision > 0, student)
  }

  private static func check(_ topic: TopicRecord, _ naive: NaiveStudent, _ student: Comment) {
    let place = place(topic.topic)
    let latest = topic.latest()
    for component in Component.allCases {
      let expected = naive.inForce(component.rawValue, at: place)
      #expect(latest[component]?.event.text == expected?.event.id, student)
      #expect(abs((latest[component]?.score.value ?? 0) - (expected?.score ?? 0)) < 1e-12, student)
      #expect(topic.baseline[component]?.latest.event.text == naive.baseline(component.rawValue, at: place)?.event.id, student)
      for day in topic.days {
        let expected = naive.latest(component.rawValue, in: day.day.number...day.day.number, at: place)
        #expect(day.latest[component]?.event.text == expected?.event.id, student)
      }
    }
    let active = Set(naive.events.filter { $0.place == place }.map(\.day).filter { $0 >= naive.cutoff })
    #expect(topic.days.map(\.day.number) == active.sorted(), student)
  }

  private static func place(_ topic: CourseTopic) -> NaivePlace { NaivePlace(course: topic.course?.text, topic: topic.topic?.text) }
}
