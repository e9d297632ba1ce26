import Foundation
import HTTPServer
import MasteryCore
import Testing

@testable import MasteryService

@Suite("Deliveries of Avro recorded from a real sidecar")
struct RecordedAvroDeliveryTests {
  struct Callback: Decodable, Sendable, CustomTestStringConvertible {
    struct Request: Decodable, Sendable {
      var headers: [[String]]
      var body: String
    }

    var `case`: String
    var request: Request

    var testDescription: String { `case` }

    static let all: [Callback] = {
      let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let text = try? String(contentsOf: tests.appending(path: "DaprClientTests/Recordings/avro-deliveries.jsonl"), encoding: .utf8)
      return (text ?? "").split(separator: "\n").compactMap { try? JSONDecoder().decode(Callback.self, from: Data($0.utf8)) }
    }()
  }

  @Test("There are 73 recorded deliveries, most of them with events, in both forms")
  func coverage() throws {
    #expect(Callback.all.count == 73)
    let messages = try Callback.all.flatMap(Self.messages)
    #expect(messages.count == 103 && messages.count { $0.expected != nil } == 54)
    #expect(Callback.all.count { $0.request.body.contains(#"{"string":"c1"}"#) } == 2)
  }

  /// A message of a delivery: the event that it holds by Foundation's reading, or nothing.
  private struct Message {
    var expected: Observation?
  }

  @Test("Each recorded delivery of a record is read right, whatever its form and the order of its members", arguments: Callback.all)
  func read(_ callback: Callback) throws {
    let headers = callback.request.headers.map { HTTPField($0[0], $0[1]) }
    let facts = DeliveryMetadata(HTTPRequestHead(method: "POST", target: "/events/t", fields: headers))
    // A day after the recordings.
    let delivery = DeliveryReader(now: Timestamp(milliseconds: 1_795_770_000_000)).delivery(Array(callback.request.body.utf8), facts)
    let messages = try Self.messages(of: callback)
    #expect(delivery.entries.count == messages.count)
    for (entry, message) in zip(delivery.entries, messages) {
      switch entry.content {
      case .success(let event):
        #expect(event.key == StudentKey(school: nil, student: try #require(StudentID("s1"))) && event.kind == .quizCompleted)
        #expect(event.observation == message.expected)
      case .failure(let rejection): #expect(message.expected == nil, "\(rejection.message)")
      }
    }
  }

  private static func messages(of callback: Callback) throws -> [Message] {
    let root = try JSONSerialization.jsonObject(with: Data(callback.request.body.utf8), options: .fragmentsAllowed)
    guard let entries = (root as? [String: Any])?["entries"] as? [[String: Any]] else {
      let time = callback.request.headers.first { $0[0] == "__timestamp" }?[1]
      return [try message(root, time)]
    }
    return try entries.map { try message($0["event"] ?? NSNull(), ($0["metadata"] as? [String: String])?["__timestamp"]) }
  }

  /// The quiz that a message is about, found independently; nothing if it holds no event.
  private static func message(_ value: Any, _ brokerTime: String?) throws -> Message {
    var value = value
    if let object = value as? [String: Any], let held = object["data_base64"] as? String { value = held }
    if let text = value as? String, let decoded = Data(base64Encoded: text) {
      value = try JSONSerialization.jsonObject(with: decoded, options: .fragmentsAllowed)
    }
    guard let event = value as? [String: Any], event["event_type"] as? String == "quiz.completed", let id = event["event_id"] as? String
    else { return Message() }
    let data = event["data"] as? [String: Any] ?? event
    func plain(_ value: Any?) -> Any? { (value as? [String: Any])?.values.first ?? value }
    var contents = ComponentValues<EvidenceContent>()
    contents.quiz = .quiz(
      try QuizEvidence(
        totalQuestions: 10, correctAnswers: 8, timeSpent: plain(data["time_spent"]) as? Double, attempts: plain(data["attempts"]) as? Int))
    // The two records that were published: one flat, with a course and its own time, one with its evidence in `data` and without both.
    let isFlat = event["data"] == nil
    #expect(isFlat ? plain(event["course_id"]) as? String == "c1" && data["time_spent"] != nil : data["attempts"] != nil)
    let time = isFlat ? 1_772_600_767_000 : try #require(brokerTime.flatMap { Int64($0) })
    return Message(
      expected: Observation(
        event: try #require(EventID(id)), timestamp: Timestamp(milliseconds: time), source: nil,
        topic: CourseTopic(course: isFlat ? CourseID("c1") : nil, topic: nil), cohort: nil, contents: contents))
  }
}
