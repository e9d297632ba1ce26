import DaprClient
import Testing
import WireTesting

@testable import NaiveMastery
@testable import Simulation

extension SimulationTests {
  @Suite("Laws about courses, topics and corrections, broken by hand")
  struct CourseLawTests {
    private static let key = "student:ann:profile:current_mastery"
    private static let day: Int64 = 86_400_000

    /// A document with two topics of one course, and cohorts within two courses.
    private static func document(_ parts: WorldParts, sets: String = "0.8", correction: Int = 0) -> [UInt8] {
      let now = parts.timeline.now
      let day = now / day
      let account = correction == 0 ? "" : ",null,0,\(correction)"
      return Array(
        (#"{"schema":1,"student_id":"ann","evidence":{"cut":\#(day - 90),"baseline":{},"days":[],"topics":["#
          + #"{"course":"alg","topic":"lines","baseline":{},"days":[[\#(day),{"quiz":[\#(now),"e-1",0.4]}]]},"#
          + #"{"course":"alg","topic":"sets","baseline":{},"days":[[\#(day),{"quiz":[\#(now),"e-2",\#(sets)\#(account)]}]]}],"#
          + #""cohorts":[["alg","c-1",\#(now),"e-1"],["geo","c-2",\#(now),"e-3"]]},"#
          + #""ledger":{"epoch":1,"revision":1,"outbox":[],"cohorts":["c-1","c-2"]}}"#).utf8)
    }

    private static func broken(_ change: (WorldParts) -> Void) -> Set<Law> {
      let parts = WorldParts(Plan(seed: 1), mistake: nil, isTold: false)
      change(parts)
      let aftermath = Aftermath(parts)
      return Set(Law.allCases.filter { $0.breach(in: aftermath) != nil })
    }

    private static func say(_ topic: String, _ body: String, _ parts: WorldParts) {
      parts.chronicle.note { [now = parts.timeline.now] content in
        let event = OutgoingEvent(body: Array(body.utf8), contentType: "application/json", partitionKey: "ann")
        content.said.append(.init(at: now, replica: 0, topic: topic, event: event))
      }
    }

    /// Two topics with 0.8 and 0.4 of the quiz come to 0.6; with a consistency of 1 for the only day the mastery is 0.28.
    private static func result(
      quiz: String = "0.6", course: String = "0.28", cohort: String = "c-1", topics: String = #"{"course_id":"alg","topic":"lines"},"#
    ) -> String {
      let components = #"{"completion":0,"quiz":\#(quiz),"quality":0,"consistency":1}"#
      return #"{"id":"u","type":"mastery.updated","data":{"event_id":"u","student_id":"ann","cohort_id":"c-2","epoch":1,"revision":1,"#
        + #""mastery_score":0.28,"level":"beginner","components":\#(components),"missing":["completion","quality"],"courses":["#
        + #"{"course_id":"alg","cohort_id":"\#(cohort)","mastery_score":\#(course),"level":"beginner","components":\#(components)}],"#
        + #""topics":[\#(topics){"course_id":"alg","topic":"sets"}]}}"#
    }

    @Test(
      "A result that is not the mean over topics breaks a law",
      arguments: [
        (result(), false), (result(quiz: "0.8"), true), (result(course: "0.34"), true), (result(topics: ""), true),
        (result(topics: #"{"course_id":"geo"},"#), true),
      ])
    func uneven(_ result: String, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        parts.store.put(Self.document(parts), at: Self.key, isForeign: false)
        Self.say("mastery.results", result, parts)
      }
      #expect(broken.contains(.topicsAreMeans) == isBroken)
      #expect(!broken.contains(.nothingUnsavedIsSaid) && !broken.contains(.cohortsArePerCourse))
    }

    @Test("A result with the cohort of another course breaks a law", arguments: [("c-1", false), ("c-2", true)])
    func miscast(_ cohort: String, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        parts.store.put(Self.document(parts), at: Self.key, isForeign: false)
        Self.say("mastery.results", Self.result(cohort: cohort), parts)
      }
      #expect(broken.contains(.cohortsArePerCourse) == isBroken)
      #expect(!broken.contains(.topicsAreMeans))
    }

    @Test(
      "An update of standings without one of a student's cohorts, or with another course's mastery in it, breaks a law",
      arguments: [
        (#"["c-1",["c-2",0,0,null,null,null,null]]"#, false), (#""c-1""#, true), (#"["c-1","c-2"]"#, true),
        (#"[["c-1",400,1,null,800,null,1000],["c-2",0,0,null,null,null,null]]"#, true),
        (#"["c-1",["c-2",0,0,null,null,null,null]],"c-1""#, true),
      ])
    func misplaced(_ cohorts: String, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        parts.store.put(Self.document(parts), at: Self.key, isForeign: false)
        let update = #"[null,"ann",1,1,\#(parts.timeline.now),280,0,null,600,null,1000,\#(cohorts)]"#
        Self.say("mastery.standings", #"{"id":"s","type":"standings.changed","data":{"event_id":"s","updates":[\#(update)]}}"#, parts)
      }
      #expect(broken.contains(.cohortsArePerCourse) == isBroken)
    }

    /// Acknowledges a second account of an event, and saves a document with some account afterwards.
    @Test(
      "An earlier account that is saved after a later one was acknowledged breaks a law, and so does what was taken back",
      arguments: [
        (0, "0.8", false, true), (1, "0.8", false, true), (2, "0.8", false, false), (3, "0.8", false, false), (1, "0.8", true, true),
        (2, "0.8", true, true), (2, "null", true, false), (3, "0.8", true, false),
      ])
    func uncorrected(_ correction: Int, _ content: String, _ isRetracted: Bool, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let now = parts.timeline.now
        var event = EventContent(id: "e-2", milliseconds: now, student: "ann")
        event.place = NaivePlace(course: "alg", topic: "sets")
        event.parts = ["quiz": isRetracted ? [:] : ["score": 0.8]]
        (event.correction, event.isRetracted) = (2, isRetracted)
        let message = Message(
          serial: 1, topic: "learning.quiz", partition: 0, offset: 0, text: "", form: .bare, content: event, publishedAt: now,
          isNumbered: true)
        parts.chronicle.note { $0.acknowledged.append(.init(message: message, began: now, ended: now + 1, wasRefused: false)) }
        let document = Self.document(parts, sets: content, correction: correction)
        parts.timeline.after(2) { parts.store.put(document, at: Self.key, isForeign: false) }
        while parts.timeline.step(before: .max) {}
      }
      #expect(broken.contains(.correctionsCount) == isBroken)
    }
  }
}
