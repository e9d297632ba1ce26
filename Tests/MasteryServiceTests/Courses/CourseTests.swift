import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Courses and topics")
struct CourseTests {
  private func stand(_ events: [String] = CourseEvent.bob, _ configure: (inout Configuration) -> Void = { _ in }) async -> Stand {
    let stand = Stand(configure: configure)
    #expect(await stand.deliver(events, to: "learning.quiz").values.allSatisfy { $0 == "SUCCESS" })
    return stand
  }

  private func data(_ stand: Stand, _ path: String, _ body: String) async throws -> [String: Any] {
    let answer = await stand.ask("POST", path, body)
    #expect(answer.status == 200, "\(answer.text)")
    return try ReadJSON.data(answer.body)
  }

  private func text(_ value: Any?) throws -> String { try ReadJSON.canonical(try #require(value)) }

  @Test("A query shows all courses of a student, and each course with its own mastery and topics")
  func query() async throws {
    let stand = await stand()
    // Quizzes 0.96 and 0.04; two active days in a row: 0.3 × 0.5 + 0.1, and 0.3 × 0.96 + 0.1, 0.3 × 0.04 + 0.1 for the courses.
    let whole = try await data(stand, "/mastery/query", #"{"student_id":"bob","include_topics":true}"#)
    #expect(try text((whole["current_mastery"] as? [String: Any])?["mastery_score"]) == "0.25")
    #expect(
      try text(whole["courses"])
        == #"[{"cohort_id":"m-1","course_id":"maths","level":"beginner","mastery_score":0.388},"#
        + #"{"cohort_id":"p-1","course_id":"physics","level":"beginner","mastery_score":0.112}]"#)
    #expect(
      try text(whole["topics"])
        == #"[{"components":{"quiz":0.96},"course_id":"maths","last_updated":"2026-03-10T08:00:00Z","level":"expert","score":0.96,"#
        + #""status":"assessed","topic":"algebra"},"#
        + #"{"components":{"quiz":0.96},"course_id":"maths","last_updated":"2026-03-10T08:00:00Z","level":"expert","score":0.96,"#
        + #""status":"assessed","topic":"algebra/groups"},"#
        + #"{"components":{"quiz":0.04},"course_id":"physics","last_updated":"2026-03-11T08:00:00Z","level":"beginner","score":0.04,"#
        + #""status":"assessed","topic":"optics"}]"#)
    let maths = try await data(stand, "/mastery/query", #"{"student_id":"bob","course_id":"maths"}"#)
    #expect(maths["topics"] == nil && (maths["courses"] as? [Any])?.count == 1)
    let current = try #require(maths["current_mastery"] as? [String: Any])
    #expect(current["mastery_score"] as? Double == 0.388)
    let quiz = try #require((current["breakdown"] as? [[String: Any]])?[1])
    #expect(quiz["explanation"] as? String == "24 of 25 questions right, 5 days ago: 0.96.")
    let groups = try await data(stand, "/mastery/query", #"{"student_id":"bob","topic":"algebra/groups"}"#)
    #expect((groups["topics"] as? [Any])?.count == 1)
    for path in [
      "/mastery/query", "/predictions/next-week", "/predictions/trajectory", "/recommendations/adaptive", "/recommendations/learning-path",
      "/analytics/mastery-history",
    ] {
      let unknown = await stand.ask("POST", path, #"{"student_id":"bob","course_id":"chemistry"}"#)
      #expect(unknown.status == 404 && unknown.text.contains("nothing is known of bob in the course chemistry"), "\(path)")
      let known = try await data(stand, path, #"{"student_id":"bob","course_id":"physics"}"#)
      #expect(known["course_id"] as? String == "physics", "\(path)")
    }
  }

  @Test("A query of an earlier day shows the courses, topics and explanations of that day")
  func past() async throws {
    let day = try await data(await stand(), "/mastery/query", #"{"student_id":"bob","date":"2026-03-10","include_topics":true}"#)
    #expect(try text(day["courses"]).contains("maths") && !text(day["courses"]).contains("physics"))
    #expect((day["topics"] as? [Any])?.count == 2)
    let quiz = try #require(((day["current_mastery"] as? [String: Any])?["breakdown"] as? [[String: Any]])?[1])
    #expect(quiz["explanation"] as? String == "24 of 25 questions right, on that day: 0.96.")
  }

  @Test("Recommendations name the course and topic that would gain most")
  func recommendations() async throws {
    let answer = try await data(await stand(), "/recommendations/adaptive", #"{"student_id":"bob","limit":10}"#)
    let quiz = try #require((answer["recommendations"] as? [[String: Any]])?.first { $0["component"] as? String == "quiz" })
    #expect(quiz["course_id"] as? String == "physics" && quiz["topic"] as? String == "optics")
    #expect((quiz["reason"] as? String)?.hasSuffix(", most of all in optics of the course physics.") == true)
    let completion = try #require((answer["recommendations"] as? [[String: Any]])?.first { $0["component"] as? String == "completion" })
    #expect(completion["course_id"] == nil && completion["topic"] == nil)
  }

  @Test("A result carries the courses and the topics that its events were about, the same whenever it is published")
  func results() async throws {
    let stand = await stand()
    _ = await stand.deliver([CourseEvent.bob[0]], to: "learning.quiz")
    let results = stand.sidecar.published(to: "mastery.results")
    #expect(results.count == 2 && results[0] == results[1])
    let result = try ReadJSON.data(results[0])
    #expect(result["cohort_id"] as? String == "p-1" && result["former_cohorts"] == nil)
    #expect(
      try text(result["courses"])
        == #"[{"cohort_id":"m-1","components":{"completion":0,"consistency":1,"quality":0,"quiz":0.96},"course_id":"maths","#
        + #""level":"beginner","mastery_score":0.388},{"cohort_id":"p-1","components":{"completion":0,"consistency":1,"quality":0,"#
        + #""quiz":0.04},"course_id":"physics","level":"beginner","mastery_score":0.112}]"#)
    #expect(
      try text(result["topics"]) == #"[{"course_id":"maths","topic":"algebra/groups"},{"course_id":"physics","topic":"optics"}]"#)
  }

  private static func admin() throws -> HTTPField { Bearer.header(try Bearer.token("head", "admin")) }

  @Test("A student of two courses stands in both cohorts, in each with that course's mastery, and in the school with both")
  func standings() async throws {
    let stand = await stand { $0.jwtSecret = Bearer.secret }
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    for (cohort, average) in [("m-1", 0.388), ("p-1", 0.112), ("_school", 0.25)] {
      let summary = try ReadJSON.data(await stand.ask("GET", "/cohorts/\(cohort)/summary").body)
      #expect(summary["students"] as? Int == 1 && summary["average"] as? Double == average, "\(cohort)")
    }
    for (body, score, cohort) in [
      (#""course_id":"maths""#, 0.388, "m-1"), (#""cohort_id":"p-1""#, 0.112, "p-1"), (#""scope":"cohort""#, 0.112, "p-1"),
    ] {
      let compared = try await data(stand, "/analytics/compare", #"{"student_id":"bob",\#(body)}"#)
      #expect(compared["student_score"] as? Double == score && compared["cohort_id"] as? String == cohort)
    }
    #expect(try await data(stand, "/analytics/compare", #"{"student_id":"bob","scope":"school"}"#)["student_score"] as? Double == 0.25)
    for (body, status) in [
      (#""course_id":"maths","cohort_id":"p-1""#, 404), (#""course_id":"chemistry""#, 404), (#""cohort_id":"x""#, 404),
      (#""scope":"school","course_id":"maths""#, 400),
    ] {
      #expect(await stand.ask("POST", "/analytics/compare", #"{"student_id":"bob",\#(body)}"#).status == status, "\(body)")
    }
    // The student moves within maths: the old cohort loses the student, and physics does not.
    _ = await stand.deliver([CourseEvent(id: "m2", at: "2026-03-12T08:00:00Z", course: "maths", cohort: "m-2").text], to: "learning.quiz")
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    for (cohort, status) in [("m-1", 404), ("m-2", 200), ("p-1", 200)] {
      #expect(await stand.ask("GET", "/cohorts/\(cohort)/summary").status == status, "\(cohort)")
    }
    // An erased student is in none of them.
    #expect(try await stand.ask("DELETE", "/student/bob", "", [Self.admin()]).status == 200)
    for cohort in ["m-1", "m-2", "p-1", "_school"] { #expect(await stand.ask("GET", "/cohorts/\(cohort)/summary").status == 404) }
    let left = stand.sidecar.keys.filter { key in
      String(decoding: stand.sidecar.stored(key)?.value ?? [], as: UTF8.self).contains("bob")
    }
    #expect(left.isEmpty)
  }

  @Test("A batch can be about a course; who is not in it is a failure")
  func batches() async throws {
    let stand = await stand(CourseEvent.bob + [CourseEvent(id: "x", student: "eve", course: "physics").text])
    let body = #"{"student_ids":["bob","eve"],"course_id":"maths"}"#
    let answer = try await data(stand, "/batch/mastery", body)
    #expect((answer["results"] as? [[String: Any]])?.map { $0["mastery_score"] as? Double } == [0.388])
    #expect(try text(answer["failures"]).contains("nothing is known of eve in the course maths"))
    let queued = try ReadJSON.data(await stand.ask("POST", "/batch/mastery", body.dropLast() + #","async":true}"#).body)
    let id = try #require(queued["batch_id"] as? String)
    #expect(await stand.redeliver("mastery.batch.normal") == ["SUCCESS"])
    let done = try ReadJSON.data(await stand.ask("GET", "/batch/mastery/\(id)").body)
    #expect(done["status"] as? String == "completed")
    #expect(try text(done["results"]) == text(answer["results"]) && text(done["failures"]) == text(answer["failures"]))
  }

  @Test("One small quiz does not undo three good ones, whatever the rule, and no alarm is raised")
  func smallQuiz() async throws {
    for (scoring, hasTopics, expected) in [
      (Scoring.latest, true, 0.75), (.decayingAverage, true, 0.75), (.latest, false, 0), (.decayingAverage, false, 0.35),
      (.highest, false, 1),
    ] {
      let quizzes = ["loops", "lists", "strings", "files"].enumerated().map { index, topic in
        CourseEvent(
          id: "q-\(index)", at: "2026-03-1\(index)T08:00:00Z", student: "ada", topic: hasTopics ? topic : nil,
          right: index < 3 ? (10, 10) : (0, 1)
        ).text
      }
      let stand = await stand(quizzes) { $0.scoring = scoring }
      let answer = try await data(stand, "/mastery/query", #"{"student_id":"ada"}"#)
      let components = (answer["current_mastery"] as? [String: Any])?["components"] as? [String: Double]
      #expect(components?["quiz"] == expected, "\(scoring) \(hasTopics)")
    }
  }

  @Test("Numeric ids are taken as their digits, and course and topic may stand in the metadata")
  func labels() async throws {
    let numeric =
      #"{"event_id":1,"event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"bob","course_id":101,"topic":7,"#
      + #""data":{"total_questions":2,"correct_answers":1}}"#
    let labelled =
      #"{"event_id":"b","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"bob","course_id":null,"#
      + #""data":{"total_questions":2,"correct_answers":1},"metadata":{"course_id":"course-v1:edX+Demo","topic":"a/b/c"}}"#
    let document = try await stand([numeric, labelled]).document(of: "bob")
    #expect(document.evidence.topics.map { $0.topic.course?.text } == ["101", "course-v1:edX+Demo"])
    #expect(document.evidence.topics.map { $0.topic.topic?.text } == ["7", "a/b/c"])
  }

  @Test("A topic that breaks its rule is left out and counted, a course that does is refused")
  func badLabels() async throws {
    let stand = await stand([CourseEvent(topic: "a//b").text, CourseEvent(id: "e-2", student: "eve", course: "a b").text])
    #expect(try stand.document(of: "bob").evidence.topics.map(\.topic) == [.none])
    #expect(stand.sidecar.stored("student:eve:profile:current_mastery") == nil)
    let metrics = await stand.ask("GET", "/metrics").text
    #expect(metrics.contains(#"mastery_event_labels_left_out_total{label="topic"} 1"#))
    #expect(metrics.contains(#"mastery_events_refused_total{reason="invalid_id"} 1"#))
    let letter = String(decoding: try #require(stand.sidecar.published(to: "mastery.dlq").first), as: UTF8.self)
    #expect(letter.contains("course_id must be 1 to 128 letters"))
  }

  @Test("An event of the 257th pair of course and topic becomes a dead letter, and all others are in")
  func tooMany() async throws {
    let events = (0..<257).map { CourseEvent(id: "e-\($0)", course: "c-\(1_000 + $0)", topic: "t").text }
    let stand = await stand(events)
    #expect(try stand.document(of: "bob").evidence.topics.count == 256)
    let letters = stand.sidecar.published(to: "mastery.dlq")
    #expect(letters.count == 1)
    let letter = try ReadJSON.data(try #require(letters.first))
    #expect(letter["event_id"] as? String == "e-256" && letter["error_type"] as? String == "validation_error")
    #expect(letter["error_message"] as? String == "a student must have at most 256 pairs of course and topic, got one more")
    let metrics = await stand.ask("GET", "/metrics").text
    #expect(metrics.contains(#"mastery_events_refused_total{reason="too_many_topics"} 1"#))
    #expect(metrics.contains(#"mastery_events_total{outcome="folded",type="quiz"} 256"#))
    #expect(stand.sidecar.published(to: Topic.retry).isEmpty)
    // All results fit the broker.
    #expect(stand.sidecar.published(to: "mastery.results").allSatisfy { $0.count < 128 << 10 })
  }

  @Test("A result names at most 64 courses, those of its events among them, and how many there are")
  func manyCourses() async throws {
    let stand = await stand((0..<100).map { CourseEvent(id: "e-\($0)", course: "c-\(100 + $0)").text })
    _ = await stand.deliver([CourseEvent(id: "last", at: "2026-03-11T08:00:00Z", course: "c-199").text], to: "learning.quiz")
    let result = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.results").last))
    let courses = try #require(result["courses"] as? [[String: Any]]).map { $0["course_id"] as? String }
    #expect(courses.count == 64 && courses.first == "c-100" && courses.last == "c-199" && result["courses_count"] as? Int == 100)
  }

  @Test("A year of ten topics a day fits a document")
  func year() async throws {
    let stand = Stand { $0.retentionDays = 400 }
    let events = (0..<365).flatMap { day in
      let at = Timestamp(milliseconds: Stand.noon - Int64(365 - day) * 86_400_000).iso8601
      return (0..<10).map { topic in
        CourseEvent(
          id: "550e8400-e29b-41d4-a716-4466\(10_000_000 + day * 10 + topic)", at: at, course: "course-v1:edX+Demo", topic: "unit/\(topic)"
        ).text
      }
    }
    for first in stride(from: 0, to: events.count, by: 1_000) {
      let some = Array(events[first..<min(first + 1_000, events.count)])
      #expect(await stand.deliver(some, to: "learning.quiz").values.allSatisfy { $0 == "SUCCESS" })
    }
    #expect(try stand.document(of: "bob").evidence.topics.allSatisfy { $0.days.count == 365 })
    #expect(try #require(stand.sidecar.stored("student:bob:profile:current_mastery")).value.count < StudentStore.documentLimit / 2)
  }

  @Test("A document of the first releases, with one piece of evidence before the cutoff, is read")
  func firstReleases() async throws {
    let text =
      #"{"schema":1,"student_id":"bob","evidence":{"cut":20437,"baseline":{"quiz":[1704067200000,"q-0",0.8,"lms"]},"#
      + #""days":[[20522,{"completion":[1773129600000,"e-1",0.5]}]]},"ledger":{"epoch":5,"revision":1,"said":{"saved_at":7,"#
      + #""caused_by":["e-1"],"caused_by_count":1},"outbox":[],"cohorts":[]}}"#
    let document = try StoredDocument.read(Array(text.utf8), of: Stand.key("bob"))
    #expect(document.evidence.components().quiz?.value == 0.8 && document.evidence.components().completion?.value == 0.5)
  }
}
