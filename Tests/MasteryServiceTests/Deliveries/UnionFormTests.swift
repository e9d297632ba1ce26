import HTTPServer
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

/// A member, and the names that Avro's JSON encoding may give its type; those of objects hold other members.
private indirect enum FieldValue: Sendable {
  case single(String, types: [String])
  case object([(String, FieldValue)], types: [String])

  func text(_ isWrapped: () -> Bool, _ pick: (Int) -> Int) -> String {
    let (plain, types) =
      switch self {
      case .single(let text, let types): (text, types)
      case .object(let members, let types):
        ("{" + members.map { "\"\($0.0)\":\($0.1.text(isWrapped, pick))" }.joined(separator: ",") + "}", types)
      }
    return !types.isEmpty && isWrapped() ? "{\"\(types[pick(types.count)])\":\(plain)}" : plain
  }
}

@Suite("Events with values in the objects of Avro unions")
struct UnionFormTests {
  private static let now = Timestamp(milliseconds: 1_795_770_000_000)

  private func read(_ body: String) -> Result<Event, EventRejection>? {
    DeliveryReader(now: Self.now).delivery(Array(body.utf8), DeliveryMetadata()).entries.first?.content
  }

  private static func string(_ text: String) -> FieldValue { .single("\"\(text)\"", types: ["string"]) }
  private static func whole(_ number: Int) -> FieldValue { .single("\(number)", types: ["int", "long", "double", "float"]) }
  private static func word(_ text: String) -> FieldValue { .single("\"\(text)\"", types: ["string", "Kind", "org.example.Kind_2"]) }
  private static func record(_ members: [(String, FieldValue)]) -> FieldValue {
    .object(members, types: ["Data", "org.example.data", "mastery.X1", "map"])
  }
  private static let number = FieldValue.single("0.75", types: ["double", "float"])
  private static let time = FieldValue.single("1772600767890123", types: ["long.timestamp-micros", "long", "double"])
  private static let quiz = [("total_questions", whole(10)), ("correct_answers", whole(8)), ("time_spent", number), ("attempts", whole(2))]
  private static let completion = [("total_exercises", whole(10)), ("completed_exercises", whole(7)), ("difficulty", word("advanced"))]
  private static let metadata = record([
    ("school_id", string("north")), ("cohort_id", whole(7)), ("source", string("lms")), ("topic", string("loops/while")),
  ])
  private static let head = [
    ("event_id", string("e-1")), ("timestamp", time), ("student_id", whole(4711)), ("course_id", string("c")),
    ("correction", whole(3)), ("metadata", metadata),
  ]

  /// Events with every field that is read.
  private static let events: [[(String, FieldValue)]] = [
    head + [("event_type", word("quiz.completed")), ("data", record(quiz))],
    head + [("event_type", word("quiz")), ("topic", string("loops"))] + quiz,
    head + [("event_type", word("exercise.completed")), ("data", record(completion))],
    head + [("event_type", word("quality.assessed")), ("data", record([("code_quality_score", number), ("efficiency", number)]))],
    head + [
      ("event_type", word("consistency")),
      ("data", record([("current_streak", whole(3)), ("max_streak", whole(5)), ("days_since_last_activity", number)])),
    ],
    head + [("event_type", word("quiz")), ("retracted", .single("true", types: ["boolean"]))],
    head + [
      ("event_type", word("mastery.calculation.requested")), ("component", word("completion")), ("data", record(completion)),
    ],
    head + [
      ("event_type", word("mastery.calculation.requested")),
      ("components", record([("quiz", number), ("completion", record(completion)), ("quality", .single("null", types: []))])),
    ],
    head + [("event_type", word("mastery.calculation.requested")), ("data", record([("components", record([("quiz", record(quiz))]))]))],
  ]

  @Test("Whichever values stand in the objects of unions, the event is the same", arguments: events.indices)
  func same(_ index: Int) throws {
    let event = FieldValue.object(Self.events[index], types: ["mastery.Event"])
    let plain = event.text({ false }, { _ in 0 })
    let expected = try #require(try read(plain)?.get())
    #expect(expected.leftOut.isEmpty && expected.key.student.text == "4711" && expected.key.school?.text == "north")
    #expect(expected.observation.timestamp == Timestamp(milliseconds: 1_772_600_767_890))
    let random = SeededGenerator(seed: UInt64(index))
    for _ in 0..<300 {
      let text = event.text({ random.once(in: 2) }, { random.draw(0..<$0) })
      let event = try #require(try? read(text)?.get(), "\(text)")
      #expect(event.key == expected.key && event.kind == expected.kind && event.observation == expected.observation, "\(text)")
      #expect(event.leftOut.isEmpty, "\(text)")
    }
  }

  @Test("The attributes of a CloudEvent may be unions too")
  func envelope() throws {
    let data = #"{"mastery.Quiz":{"event_type":"quiz","student_id":{"string":"s"},"total_questions":{"long":4},"correct_answers":3}}"#
    let text =
      #"{"specversion":"1.0","id":{"string":"ce-1"},"source":{"string":"lms"},"type":"quiz","time":{"string":"2026-03-04T05:06:07Z"},"#
      + #""traceparent":{"string":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},"data":\#(data)}"#
    let event = try #require(try read(text)?.get())
    #expect(event.observation.event.text == "ce-1" && event.observation.timestamp == Timestamp(milliseconds: 1_772_600_767_000))
    #expect(event.trace.context != nil)
  }

  /// Fields that are no value of a union, and so no value at all.
  private static let wrong: [(field: String, value: String)] = [
    ("student_id", #"{"long":9007199254740993}"#), ("student_id", #"{"long":9007199254740992}"#), ("student_id", "9007199254740993"),
    ("student_id", #"{"id":"s"}"#), ("student_id", #"{"string":7}"#), ("student_id", #"{"long":"s"}"#), ("student_id", #"{"string":null}"#),
    ("student_id", #"{"string":"s","long":1}"#), ("student_id", #"{"string":{"string":"s"}}"#), ("student_id", "{}"),
    ("event_id", #"{"long":9007199254740993}"#), ("event_id", #"{"array":["e"]}"#), ("course_id", #"{"long":9007199254740992}"#),
    ("timestamp", #"{"time":1772600767890}"#), ("timestamp", #"{"boolean":true}"#), ("event_type", #"{"a b":"quiz"}"#),
    ("event_type", #"{"1a":"quiz"}"#), ("event_type", #"{"a..b":"quiz"}"#), ("retracted", #"{"string":"true"}"#),
    ("data", #"{"data":{"total_questions":1,"correct_answers":1}}"#), ("data", #"{"Quiz":[]}"#), ("correction", #"{"int":"1"}"#),
  ]

  @Test("What is no value of a union is refused under the field's name", arguments: wrong.indices)
  func refused(_ index: Int) throws {
    let (field, value) = Self.wrong[index]
    let members =
      [
        ("event_id", #""e""#), ("event_type", #""quiz""#), ("student_id", #""s""#), ("timestamp", "1772600767"),
        ("data", #"{"total_questions":10,"correct_answers":8}"#),
      ].filter { $0.0 != field } + [(field, value)]
    let text = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    guard case .failure(let rejection) = try #require(read(text)) else {
      Issue.record("\(text) is taken")
      return
    }
    #expect(rejection.message.hasPrefix(field), "\(rejection.message)")
  }

  @Test("A request's components are no unions")
  func request() async throws {
    for components in [
      #"{"quiz":{"double":0.5}}"#, #"{"mastery.X":{"quiz":0.5}}"#,
      #"{"completion":{"total_exercises":{"int":1},"completed_exercises":1}}"#,
    ] {
      let answer = await Stand().ask("POST", "/mastery/calculate", #"{"components":\#(components)}"#)
      #expect(answer.status == 400, "\(components)")
    }
  }

  @Test("The students of a dead letter are found in unions")
  func letters() {
    let text = #"{"event_type":"nothing","student_id":{"string":"anna"},"metadata":{"school_id":{"string":"north"}}}"#
    let named = NamedStudents(in: Array(text.utf8))
    #expect(named.students.map(\.text) == ["anna"] && named.schools.map(\.text) == ["north"])
    // In a letter that holds only the beginning of its event too.
    for (end, student) in [(#"{"string":"anna","#, "anna"), (#"{ "long" : 4711 }, "#, "4711"), (#"{\"string\":\"anna\","#, "anna")] {
      let cut = NamedStudents(in: Array((#"{"event_type":"nothing","student_id":"# + end + #""data":{"#).utf8))
      #expect(cut.students.map(\.text) == [student], "\(end)")
    }
  }
}
