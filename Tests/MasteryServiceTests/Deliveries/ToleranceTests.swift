import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Extras that producers send with an event")
struct ToleranceTests {
  /// An event with more members.
  private static func event(_ more: String, id: String = "e-1") -> String { Wrapped.exercise(id).dropLast() + ",\(more)}" }

  /// Halves of surrogate pairs alone, before and after others; numbers beyond 64 bits, above, below, and on the edge.
  private static let unread = [
    #""note":"\ud83d""#, #""note":"\udc00 x""#, #""note":"\ud83d\ud83d\ude00\ude00""#, #""note":"\\\ud800""#, #""\ud800":1"#,
    #""big":18446744073709551616"#, #""big":-9223372036854775809"#, #""big":[123456789012345678901234567890,18446744073709551615,1.5e300]"#,
  ]

  @Test("Fields that nobody reads do no harm", arguments: unread, [true, false])
  func beside(_ member: String, isText: Bool) async throws {
    let stand = Stand()
    let event = Self.event(member)
    let body = isText ? Wrapped.envelope(#""data_base64":"\#(Wrapped.base64(event))""#) : Wrapped.cloudEvent(event)
    let statuses = await stand.deliver(Array(Wrapped.bulk([("a", body), ("b", Wrapped.exercise("e-2", of: "b"))]).utf8))
    #expect(statuses == ["a": "SUCCESS", "b": "SUCCESS"])
    #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
    #expect(try stand.document(of: "s-1").latest.completion?.score.value == 0.8)
  }

  @Test("A byte order mark before an event does no harm", arguments: [true, false])
  func mark(isBulk: Bool) async throws {
    let stand = Stand()
    let marked = "\u{FEFF}" + Wrapped.exercise("e-1")
    let body = isBulk ? Wrapped.bulk([("", Wrapped.quoted(marked))]) : marked
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").latest.completion?.score.value == 0.8)
  }

  @Test("A compressed event is refused with an error that says so")
  func packed() async throws {
    let stand = Stand()
    // "hi", packed by gzip.
    let bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0xC8, 4, 0, 0xAC, 0x2A, 0x93, 0xD8, 2, 0, 0, 0]
    #expect(await stand.deliver(bytes) == ["": "SUCCESS"])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect((letter["error_message"] as? String)?.contains("gzip") == true)
  }

  @Test(
    "A label that breaks its rule is dropped, counted and logged, and does not cost the evidence",
    arguments: [
      #"{"cohort_id":"a b","source":"lms"}"#, #"{"cohort_id":[],"source":"lms"}"#,
      #"{"cohort_id":"c-1","source":"\#(String(repeating: "x", count: 129))"}"#, #"{"cohort_id":"c-1","source":7}"#,
    ])
  func label(_ metadata: String) async throws {
    let stand = Stand()
    #expect(
      await stand.deliver([Wrapped.exercise("e-1", metadata: metadata), Wrapped.exercise("e-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    let isCohort = !metadata.contains("c-1")
    let document = try stand.document(of: "s-1")
    #expect(document.latest.completion?.score.value == 0.8)
    #expect(document.ledger.cohorts.isEmpty == isCohort)
    let line = try #require(stand.lines.all.first { $0.contains("labels") })
    #expect(line.contains(#""event_id":"e-1""#) && line.contains(isCohort ? "cohort_id" : "source") && line.contains(#""events":1"#))
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples[#"mastery_event_labels_left_out_total{label="\#(isCohort ? "cohort_id" : "source")"}"#] == 1)
  }

  @Test("A cohort may be a whole number, which is read as its digits")
  func numericCohort() async throws {
    let stand = Stand()
    let ids = #"{"cohort_id":2013,"school_id":7}"#
    #expect(await stand.deliver([Wrapped.exercise("e-1", metadata: ids)]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1", school: "7").ledger.cohorts.map(\.text) == ["2013"])
  }
}

@Suite("Refused events")
struct RefusedEventTests {
  /// Events with the reason for the refusal of each.
  private static let refused: [(event: String, reason: String)] = [
    ("[1]", "malformed"), (#""words""#, "malformed"),
    (Poison.event(more: #","pad":"\#(String(repeating: "x", count: 65_536))""#), "too_large"),
    (Poison.event(type: #""exam""#), "unknown_type"), (#"{"student_id":"s-1"}"#, "missing_field"), (Poison.event("{}"), "missing_field"),
    (Poison.event(student: #""a b""#), "invalid_id"), (Poison.event(more: #","metadata":{"school_id":"a b"}"#), "invalid_id"),
    (#"{"event_id":"e","event_type":"quiz","timestamp":5,"student_id":"s-1"}"#, "invalid_time"),
    (#"{"event_id":"e","event_type":"quiz","timestamp":"2027-03-10T08:00:00Z","student_id":"s-1"}"#, "invalid_time"),
    (Poison.event(#"{"total_exercises":10,"completed_exercises":11}"#), "invalid_value"),
    (Poison.event(#"{"total_exercises":"10","completed_exercises":1}"#), "invalid_value"),
  ]

  @Test("Refused events are counted by reason, and one log line per delivery gives their number and the first error")
  func counted() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")] + Self.refused.map(\.event))
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    for (reason, cases) in Dictionary(grouping: Self.refused, by: \.reason) {
      #expect(samples[#"mastery_events_refused_total{reason="\#(reason)"}"#] == Double(cases.count), "\(reason)")
    }
    let lines = stand.lines.all.filter { $0.contains("events were refused") }
    #expect(lines.count == 1)
    let line = try ReadJSON.object(try #require(lines.first))
    #expect(line["level"] as? String == "warning" && line["events"] as? Int == Self.refused.count)
    #expect((line["reason"] as? String)?.contains("must be an object") == true)
  }

  @Test("An event of an unknown type is refused with the list of known names")
  func unknownType() async throws {
    let stand = Stand()
    _ = await stand.deliver([Poison.event(type: #""exam""#)])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    let message = try #require(letter["error_message"] as? String)
    #expect(message.hasPrefix("event_type is unknown; known are exercise.completed (completion, exercise.completion.submitted), "))
    #expect(message.hasSuffix(#"; got "exam""#))
    for name in [
      "quiz.performance.submitted", "quality.assessment.completed", "consistency.activity.recorded", "mastery.calculation.requested",
    ] {
      #expect(message.contains(name))
    }
  }

  @Test(
    "The error of a refused event says which field must be what, and what it is",
    arguments: [
      (#"{"total_exercises":0,"completed_exercises":0}"#, "data.total_exercises must be an integer of at least 1, got 0"),
      (
        #"{"total_exercises":10,"completed_exercises":11}"#, "data.completed_exercises must be an integer from 0 to total_exercises, got 11"
      ),
      (#"{"total_exercises":"10","completed_exercises":1}"#, #"data.total_exercises must be a whole number, got "10""#),
      (#"{"completed_exercises":1}"#, "data.total_exercises is required"),
      (
        #"{"total_exercises":1,"completed_exercises":1,"difficulty":"hard"}"#,
        #"data.difficulty must be beginner, intermediate or advanced, got "hard""#
      ),
    ])
  func messages(_ data: String, _ expected: String) async throws {
    let stand = Stand()
    _ = await stand.deliver([Poison.event(data)])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(letter["error_message"] as? String == expected)
  }

  @Test("The same rules tell before sending which events would be refused")
  func rules() {
    let rules = EventRules(now: Stand.noonTime)
    func fault(_ text: String) -> EventRules.Fault? { Array(text.utf8).withUnsafeBytes { rules.fault(of: $0) } }
    for (event, reason) in Self.refused { #expect(fault(event)?.reason == reason) }
    for event in [
      Wrapped.exercise("e-1"), Wrapped.cloudEvent(Wrapped.exercise("e-1")),
      // Id and time come with the envelope.
      #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":10,"correct_answers":5}}"#,
    ] {
      #expect(fault(event) == nil)
    }
    #expect(fault("nope")?.reason == "malformed")
    #expect(fault(Poison.event("{}"))?.rule == "data.total_exercises is required")
  }
}
