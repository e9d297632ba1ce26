import HTTPServer
import JSON
import MasteryCore
import Testing

@testable import MasteryService

@Suite("Events that come in by the Avro schemas")
struct IncomingAvroTests {
  private static let head =
    #""event_id":"e-1","timestamp":1773572400123456,"student_id":"s-1","course_id":"c","topic":"loops","correction":2,"retracted":false,"#
    + #""metadata":{"school_id":"north","cohort_id":"k","course_id":null,"topic":null,"source":"lms"}"#

  /// An event of each type with all that its schema has for it.
  private static let events: [(type: String, members: String)] = [
    ("exercise.completed", #""data":{"total_exercises":10,"completed_exercises":8,"difficulty":"advanced"}"#),
    ("quiz.completed", #""data":{"total_questions":10,"correct_answers":8,"time_spent":1.2345678e+07,"attempts":2}"#),
    (
      "quality.assessed",
      #""data":{"code_quality_score":0.5,"avg_code_quality":null,"correctness_score":1,"correctness":null,"efficiency_score":null,"#
        + #""efficiency":1e-07,"peer_review_score":0}"#
    ),
    ("consistency.recorded", #""data":{"current_streak":3,"max_streak":5,"days_since_last_activity":0.5}"#),
    (
      "mastery.calculation.requested",
      #""data":null,"component":null,"components":{"quiz":0.5,"completion":{"total_exercises":4,"completed_exercises":1,"difficulty":null},"#
        + #""quality":null,"consistency":null}"#
    ),
  ]

  @Test("An event with every member of its schema fits the schema and is taken whole", arguments: events.map(\.type))
  func taken(_ type: String) throws {
    let members = try #require(Self.events.first { $0.type == type }).members
    let text = Array("{\(Self.head),\"event_type\":\"\(type)\",\(members)}".utf8)
    let schema = try #require(try EventSchema.all(Configuration()).first { $0.type == type && $0.isIncoming })
    #expect(try AvroRules(schema: String(decoding: schema.json, as: UTF8.self)).refusal(of: text) == nil)
    let read = try #require(DeliveryReader(now: Stand.noonTime).delivery(text, DeliveryMetadata()).entries.first)
    let event = try read.content.get()
    #expect(event.kind.rawValue == type && event.leftOut.isEmpty && event.key.school?.text == "north")
    #expect(event.observation.timestamp == Timestamp(milliseconds: 1_773_572_400_123))
    #expect(event.observation.cohort?.text == "k" && event.observation.source?.text == "lms")
    #expect(Component.allCases.contains { event.observation.contents[$0] != nil })
  }

  @Test("An event of which nothing but the defaults was written is refused: its student is nobody", arguments: EventType.allCases)
  func blank(_ type: EventType) throws {
    let text = Array(#"{"event_type":"\#(type.rawValue)","student_id":""}"#.utf8)
    let schema = try #require(try EventSchema.all(Configuration()).first { $0.type == type.rawValue && $0.isIncoming })
    #expect(try AvroRules(schema: String(decoding: schema.json, as: UTF8.self)).refusal(of: text) == nil)
    var facts = DeliveryMetadata()
    facts.take(topic: "t", partition: "0", offset: "1", timestamp: "\(Stand.noon)")
    guard case .failure(let rejection)? = DeliveryReader(now: Stand.noonTime).delivery(text, facts).entries.first?.content else {
      Issue.record("it is taken")
      return
    }
    #expect(rejection.message.hasPrefix("student_id"))
  }

  @Test("No number of an event has a default that would be taken for evidence; null in its place is refused like in JSON")
  func forgotten() throws {
    for schema in try EventSchema.all(Configuration()) where schema.isIncoming {
      let text = String(decoding: schema.json, as: UTF8.self)
      #expect(!text.contains(#""type":"long","doc""#) && !text.contains(#""type":"double","doc""#) && !text.contains(#""default":0"#))
    }
    for data in [
      #"{"total_questions":10,"correct_answers":null}"#, #"{"total_questions":{"long":10}}"#,
      #"{"total_questions":null,"correct_answers":1}"#,
    ] {
      let text = Array("{\(Self.head),\"event_type\":\"quiz.completed\",\"data\":\(data)}".utf8)
      let read = try #require(DeliveryReader(now: Stand.noonTime).delivery(text, DeliveryMetadata()).entries.first)
      guard case .failure(let rejection) = read.content else {
        Issue.record("\(data) is taken")
        continue
      }
      #expect(rejection.message.contains("is required"), "\(rejection.message)")
    }
  }
}
