import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("An event without id or timestamp")
struct DeliveryFactsTests {
  private static let bare = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":10,"correct_answers":5}}"#
  private static let kafka = [
    HTTPField("__topic", "learning.quiz"), HTTPField("__partition", "3"), HTTPField("__offset", "42"),
    HTTPField("__timestamp", "1773129600000"),
  ]

  private func quiz(_ stand: Stand) throws -> Evidence {
    try #require(try stand.document(of: "s-1").latest.quiz)
  }

  @Test("An event without id and timestamp takes those of its CloudEvent")
  func cloudEvent() async throws {
    let stand = Stand()
    let body = Wrapped.cloudEvent(Self.bare, id: "ce-7", time: "2026-03-10T08:00:00.5Z")
    #expect(await stand.deliver(Array(body.utf8), to: "learning.quiz", headers: Self.kafka) == ["": "SUCCESS"])
    #expect(try quiz(stand).event.text == "ce-7")
    #expect(try quiz(stand).timestamp.milliseconds == 1_773_129_600_500)
  }

  @Test("An event without id and timestamp takes Kafka's position and time if there is no CloudEvent")
  func kafka() async throws {
    let stand = Stand()
    #expect(await stand.deliver(Array(Self.bare.utf8), to: "learning.quiz", headers: Self.kafka) == ["": "SUCCESS"])
    #expect(try quiz(stand).event.text == "kafka:learning.quiz:3:42")
    #expect(try quiz(stand).timestamp.milliseconds == 1_773_129_600_000)
  }

  @Test("An event without id and timestamp takes Kafka's position and time from the metadata of a bulk entry")
  func kafkaBulk() async throws {
    let stand = Stand()
    let metadata = #"{"__topic":"learning.quiz","__partition":"3","__offset":"42","__timestamp":"1773129600000","__key":"s-1"}"#
    #expect(await stand.deliver(Array(Wrapped.bulk([("a", Self.bare)], metadata: metadata).utf8)) == ["a": "SUCCESS"])
    #expect(try quiz(stand).event.text == "kafka:learning.quiz:3:42")
  }

  @Test("An event never takes the id of an envelope that the sidecar makes at delivery, since that id differs each time")
  func rawEnvelope() async throws {
    let stand = Stand()
    let body = Wrapped.envelope(#""data_base64":"\#(Wrapped.base64(Self.bare))""#, id: "fresh", time: nil, source: "Dapr")
    #expect(await stand.deliver(Array(body.utf8), headers: Self.kafka) == ["": "SUCCESS"])
    #expect(try quiz(stand).event.text == "kafka:learning.quiz:3:42")

    let other = Stand()
    #expect(await other.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    let failed = try ReadJSON.data(try #require(other.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["event_id"] as? String != "fresh")
    #expect((failed["error_message"] as? String)?.contains("event_id") == true)
    #expect(other.sidecar.keys.isEmpty)
  }

  @Test("An event whose envelope has an unusable id gets an id derived from it")
  func longID() async throws {
    let stand = Stand()
    let body = Wrapped.cloudEvent(Self.bare, id: String(repeating: "long id ", count: 40))
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    let first = try quiz(stand).event
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(try quiz(stand).event == first)
    #expect(first.text.utf8.count == 36)
  }

  @Test("An event without any id is refused")
  func noID() async throws {
    let stand = Stand()
    #expect(await stand.deliver(Array(Self.bare.utf8)) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: "mastery.dlq").count == 1)
    #expect(stand.sidecar.keys.isEmpty)
  }

  @Test(
    "An event is judged by the delivery's own time, or by the clock if there is none",
    arguments: [
      // A minute before noon is the CloudEvent's time: five minutes beyond is 12:04:00.
      ("2026-03-15T12:04:00Z", "2026-03-15T11:59:00Z", true), ("2026-03-15T12:04:00.001Z", "2026-03-15T11:59:00Z", false),
      // A producer's clock may be ahead, but not by more than a day.
      ("2026-03-16T12:00:00Z", "2026-03-16T12:00:00Z", true), ("2026-03-16T12:00:00.001Z", "2026-03-16T12:00:00Z", false),
      // A late delivery: in the future of that time.
      ("2026-03-01T00:05:00.001Z", "2026-03-01T00:00:00Z", false), ("2026-03-01T00:05:00Z", "2026-03-01T00:00:00Z", true),
      ("2026-03-15T12:05:00Z", nil, true), ("2026-03-15T12:05:00.001Z", nil, false),
    ])
  func future(_ timestamp: String, _ time: String?, _ isTaken: Bool) async throws {
    let stand = Stand()
    let event = Wrapped.exercise("e-1", at: timestamp)
    let body = time.map { Wrapped.cloudEvent(event, time: $0) } ?? event
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: "mastery.dlq").count == (isTaken ? 0 : 1))
    #expect(stand.sidecar.keys.isEmpty == !isTaken)
  }
}
