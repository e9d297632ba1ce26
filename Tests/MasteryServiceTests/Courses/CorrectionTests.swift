import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Corrections and retractions of events")
struct CorrectionTests {
  private static let life = [
    CourseEvent(id: "before", at: "2026-03-09T08:00:00Z", course: "c", topic: "t", right: (3, 10)).text,
    CourseEvent(id: "q", course: "c", topic: "t", right: (9, 10)).text,
    CourseEvent(id: "q", course: "c", topic: "t", correction: 1, right: (5, 10)).text,
    CourseEvent(id: "q", course: "c", topic: "t", correction: 2, right: (9, 10)).text,
    CourseEvent(id: "q", course: "c", topic: "t", correction: 3, isRetracted: true).text,
  ]

  private static func orders(of elements: [String]) -> [[String]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  @Test("Regrades and a retraction, delivered one by one in all 24 orders and with duplicates, make one and the same document")
  func orders() async throws {
    var texts: Set<[UInt8]> = []
    for order in Self.orders(of: Array(Self.life.dropFirst())) {
      let stand = Stand()
      for event in [Self.life[0]] + order + order.prefix(2) { _ = await stand.deliver([event], to: "learning.quiz") }
      let document = try stand.document(of: "bob")
      texts.insert(StudentDocumentWriter.evidenceBytes(of: document))
      #expect(document.evidence.components().quiz?.value == 0.3)
    }
    #expect(texts.count == 1)
  }

  @Test("A regrade changes the published score in both directions, and a retraction takes it back")
  func published() async throws {
    let stand = Stand()
    for event in Self.life { _ = await stand.deliver([event], to: "learning.quiz") }
    let scores = try stand.sidecar.published(to: "mastery.results").map { result in
      (try ReadJSON.data(result)["components"] as? [String: Double])?["quiz"]
    }
    #expect(scores == [0.3, 0.9, 0.5, 0.9, 0.3])
  }

  private static let bad = [
    (#""correction":-1"#, "correction must be a whole number from 0 to 2147483647"),
    (#""correction":1.5"#, "correction must be a whole number"),
    (#""correction":"1""#, "correction must be a whole number"), (#""retracted":"yes""#, "retracted must be true or false"),
    (#""retracted":true"#, "component is required where retracted is true"),
    (#""retracted":true,"component":"speed""#, "component must be one of"),
  ]

  @Test("What is no correction and no retraction is refused with its reason", arguments: bad)
  func refused(_ members: String, _ reason: String) async throws {
    let stand = Stand()
    let event =
      #"{"event_id":"e","event_type":"mastery.calculation.requested","timestamp":"2026-03-10T08:00:00Z","student_id":"s",\#(members)}"#
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect((letter["error_message"] as? String)?.hasPrefix(reason) == true, "\(letter["error_message"] ?? "")")
  }

  @Test("A request takes back the components that it names, as it named them when it was first sent")
  func requests() async throws {
    let head = #"{"event_id":"e","event_type":"mastery.calculation.requested","timestamp":"2026-03-10T08:00:00Z","student_id":"s","#
    for (back, left) in [
      (#""component":"quiz""#, ["completion", "quality"]), (#""components":{"quiz":0.5,"quality":0.5}"#, ["completion"]),
      (#""components":{"quiz":0.5,"quality":null}"#, ["completion", "quality"]),
      (#""components":{"quiz":null}"#, ["completion", "quality"]),
      (#""data":{"components":{"completion":1}}"#, ["quiz", "quality"]), (#""data":{"component":"quality"}"#, ["completion", "quiz"]),
    ] {
      let stand = Stand()
      _ = await stand.deliver([head + #""components":{"completion":0.5,"quiz":0.5,"quality":0.5}}"#])
      _ = await stand.deliver([head + #""correction":1,"retracted":true,\#(back)}"#])
      #expect(try stand.document(of: "s").evidence.components().map(\.component.rawValue).filter { $0 != "consistency" } == left)
    }
  }

  @Test("Ingest takes courses, topics, corrections and retractions")
  func ingest() async throws {
    let stand = Stand()
    let data = #""data":{"total_questions":10,"correct_answers":9}"#
    let head = #"{"event_type":"quiz","student_id":"bob","event_id":"q","timestamp":"2026-03-10T08:00:00Z","course_id":"c","topic":"a/b","#
    for body in [head + "\(data)}", head + #""correction":1,"retracted":true}"#] {
      #expect(await stand.ask("POST", "/mastery/ingest", body).status == 202)
    }
    for event in stand.sidecar.published(to: "learning.quiz") {
      #expect(await stand.deliver(event, to: "learning.quiz") == ["": "SUCCESS"])
    }
    let topic = try #require(try stand.document(of: "bob").evidence.topics.first)
    #expect(topic.topic.course?.text == "c" && topic.topic.topic?.text == "a/b")
    #expect(topic.days.first?.latest.quiz?.isRetracted == true && topic.days.first?.latest.quiz?.correction.number == 1)
    for (member, reason) in [
      (#""topic":"a//b","#, "topic must be one to three names"), (#""course_id":"a b","#, "course_id must be 1 to 128"),
      (#""correction":-1,"#, "correction must be a whole number from 0"),
    ] {
      let refused = await stand.ask("POST", "/mastery/ingest", #"{"event_type":"quiz","student_id":"bob",\#(member)\#(data)}"#)
      #expect(refused.status == 400 && refused.text.contains(reason), "\(refused.text)")
    }
  }

  @Test("The export shows what evidence is made of, what was corrected and what was taken back")
  func export() async throws {
    let stand = Stand { $0.jwtSecret = Bearer.secret }
    let admin = Bearer.header(try Bearer.token("head", "admin"))
    for event in Self.life.prefix(3) { _ = await stand.deliver([event], to: "learning.quiz") }
    let before = await stand.ask("GET", "/student/bob/export", "", [admin]).text
    #expect(
      before.contains(
        #"{"course_id":"c","topic":"t","component":"quiz","score":0.5,"total_questions":10,"correct_answers":5,"#
          + #""timestamp":"2026-03-10T08:00:00Z","event_id":"q","correction":1,"source":null}"#), "\(before)")
    _ = await stand.deliver([Self.life[4]], to: "learning.quiz")
    #expect(await stand.ask("GET", "/student/bob/export", "", [admin]).text.contains(#""component":"quiz","retracted":true,"timestamp""#))
  }

  @Test("A correction or retraction names the event and its time itself: those of the delivery are its own")
  func address() async throws {
    let members = [#""event_id":"q""#, #""timestamp":"2026-03-10T08:00:00Z""#, #""correction":1"#, #""retracted":true"#]
    for (kept, missing) in [([1, 2], "event_id"), ([0, 2], "timestamp"), ([1, 3], "event_id"), ([0, 3], "timestamp")] {
      let event =
        #"{"event_type":"quiz","student_id":"bob","data":{"total_questions":2,"correct_answers":1},"#
        + kept.map { members[$0] }.joined(separator: ",") + "}"
      let stand = Stand()
      _ = await stand.deliver([event], to: "learning.quiz")
      let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
      #expect((letter["error_message"] as? String)?.hasPrefix("\(missing) is required") == true)
      let refused = await stand.ask("POST", "/mastery/ingest", event)
      #expect(refused.status == 400 && refused.text.contains("\(missing) is required"), "\(refused.text)")
    }
  }

  @Test("What was all taken back counts nowhere: no course of the result, no member of the cohort, no 0 in the average")
  func nothingLeft() async throws {
    let stand = Stand { $0.jwtSecret = Bearer.secret }
    let mistake = CourseEvent(id: "x", course: "wrong", cohort: "x-1")
    let back = CourseEvent(id: "x", course: "wrong", cohort: "x-1", correction: 1, isRetracted: true)
    _ = await stand.deliver([CourseEvent(id: "a", student: "ada", course: "wrong", cohort: "x-1").text, mistake.text], to: "learning.quiz")
    _ = await stand.deliver([back.text], to: "learning.quiz")
    _ = await stand.deliver([CourseEvent(id: "y", student: "eve", cohort: "x-1").text], to: "learning.quiz")
    _ = await stand.deliver(
      [CourseEvent(id: "y", student: "eve", cohort: "x-1", correction: 1, isRetracted: true).text], to: "learning.quiz")
    _ = await stand.deliver([CourseEvent(id: "z", at: "2026-03-11T08:00:00Z", course: "physics").text], to: "learning.quiz")
    let result = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.results").last))
    #expect((result["courses"] as? [[String: Any]])?.map { $0["course_id"] as? String } == ["physics"])
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    for (cohort, students) in [("x-1", 1), ("_school", 2)] {
      let summary = try ReadJSON.data(await stand.ask("GET", "/cohorts/\(cohort)/summary").body)
      #expect(summary["students"] as? Int == students && summary["average"] as? Double == 0.388, "\(cohort)")
    }
    let query = await stand.ask("POST", "/mastery/query", #"{"student_id":"bob","course_id":"wrong"}"#)
    #expect(query.status == 404)
  }
}
