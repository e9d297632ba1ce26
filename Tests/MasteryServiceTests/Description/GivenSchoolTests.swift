import HTTPServer
import MasteryCore
import Testing

@testable import MasteryService

@Suite("A school whose events are given")
struct GivenSchoolTests {
  /// The work of 30 students on 20 days, in an order that is none.
  private static let events: [String] = (0..<2_400).map { index in
    let (student, day, kind) = (index * 7 % 30, index / 30 % 20, index / 600)
    let time = "2026-03-\(day + 1 < 15 ? day + 1 : day - 5)T\(10 + kind):00:00Z"
    let padded = time.replacing(/-(\d)T/) { "-0\($0.1)T" }
    let (type, data) =
      kind.isMultiple(of: 2)
      ? ("quiz", #""total_questions":10,"correct_answers":\#((student + day * 3) % 11)"#)
      : ("completion", #""total_exercises":12,"completed_exercises":\#((student * 5 + day) % 13)"#)
    return #"{"event_id":"e-\#(index)","event_type":"\#(type)","timestamp":"\#(padded)","student_id":"s-\#(student)","#
      + #""course_id":"go","topic":"t-\#(day % 3)","data":{\#(data)},"metadata":{"cohort_id":"c-\#(student % 2)","source":"lms"}}"#
  }

  @Test("It answers as a service does that had the same events delivered by its broker")
  func same() async throws {
    let stand = Stand()
    for part in stride(from: 0, to: Self.events.count, by: 90) {
      _ = await stand.deliver(Array(Self.events[part..<min(part + 90, Self.events.count)]))
    }
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    let school = GivenSchool(nil, now: Stand.noonTime)
    #expect(await school.take(Self.events.map { Array($0.utf8) }).isEmpty)
    let asked: [(String, [String: String])] = [
      ("query", ["student-id": "s-3", "include-topics": "true", "include-history": "true"]), ("predict", ["student-id": "s-3"]),
      ("recommend", ["student-id": "s-29"]), ("path", ["student-id": "s-0", "goal": "prepare_assessment"]),
      ("trajectory", ["student-id": "s-11"]), ("history", ["student-id": "s-12", "days": "14"]),
      ("cohort-compare", ["student-id": "s-4", "scope": "cohort", "cohort-id": "c-0"]), ("cohort-summary", ["cohort-id": "c-1"]),
      ("batch-process", ["requests": "s-1,s-2,nobody"]), ("calculate", ["quiz": "0.5"]), ("predict", ["student-id": "nobody"]),
    ]
    for (name, texts) in asked {
      let skill = try #require(Skill.all.first { $0.name == name })
      let request = try skill.request(texts)
      let expected = await stand.ask(request.method, request.target, bytes: request.body)
      let given = await school.answer(request)
      #expect(given.status == expected.status, "\(name)")
      for part in ["data", "error"] {
        let (left, right) = (try ReadJSON.object(given.body)[part], try ReadJSON.object(expected.body)[part])
        #expect((left == nil) == (right == nil), "\(name)")
        guard let left, let right else { continue }
        // When and how often the document was saved depends on who saved it.
        func text(_ value: Any) throws -> String {
          try ReadJSON.canonical(value).replacing(/"(last_updated|as_of|version)":("[^"]*"|\d+)/, with: "")
        }
        #expect(try text(left) == text(right), "\(name)")
      }
    }
  }

  @Test("Events of other schools are theirs, and events that break the rules are told of")
  func foreign() async throws {
    let school = GivenSchool(SchoolID("north"), now: Stand.noonTime)
    let own = Wrapped.exercise("e-1", of: "ada", completed: 5, metadata: #"{"school_id":"north"}"#)
    let other = Wrapped.exercise("e-2", of: "ben", metadata: #"{"school_id":"south"}"#)
    let refusals = await school.take([own, other, #"{"student_id":"ada"}"#].map { Array($0.utf8) })
    #expect(refusals.count == 1 && refusals[0].hasPrefix("event_type "), "\(refusals)")
    let skill = try #require(Skill.all.first { $0.name == "query" })
    let answer = await school.answer(try skill.request(["student-id": "ada"]))
    #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains(#""completion":0.5"#))
    #expect(await school.answer(try skill.request(["student-id": "ben"])).status == 404)
  }

  @Test("An event without an id or a time gets one, as from a sidecar; one in an envelope of its own keeps that")
  func envelopes() async throws {
    let school = GivenSchool(nil, now: Stand.noonTime)
    let bare = #""event_type":"quiz.completed","data":{"total_questions":10,"correct_answers":7}"#
    let events = [
      #"{"event_id":"e-1","student_id":"a",\#(bare)}"#, #"{"timestamp":"2026-03-14T10:00:00Z","student_id":"b",\#(bare)}"#,
      #"{"event_id":null,"timestamp":null,"student_id":"c",\#(bare)}"#,
      #"{"specversion":"1.0","id":"x","source":"s","type":"t","time":"2026-03-14T10:00:00Z","data":{"student_id":"d",\#(bare)}}"#,
    ]
    #expect(await school.take(events.map { Array($0.utf8) }).isEmpty)
    let skill = try #require(Skill.all.first { $0.name == "query" })
    for student in ["a", "b", "c", "d"] {
      let answer = await school.answer(try skill.request(["student-id": student]))
      #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains(#""quiz":0.7"#), "\(student)")
    }
  }
}
