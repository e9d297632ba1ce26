import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The time of a delivery")
struct DeliveryClockTests {
  private static let year: Int64 = 365 * 86_400_000

  private static func kafka(_ timestamp: String) -> [HTTPField] {
    [
      HTTPField("__topic", "learning.quiz"), HTTPField("__partition", "3"), HTTPField("__offset", "42"),
      HTTPField("__timestamp", timestamp),
    ]
  }

  /// What Kafka reports for a message without a timestamp, and times before any event.
  private static let missing = ["-62135596800000", "0", "-1", "631151999999"]

  @Test("A record that has no time in Kafka gives its event none, and spoils no document", arguments: missing)
  func noTime(_ timestamp: String) async throws {
    let stand = Stand()
    let bare = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":10,"correct_answers":5}}"#
    #expect(await stand.deliver(Array(bare.utf8), headers: Self.kafka(timestamp)) == ["": "SUCCESS"])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: Topic.deadLetters).first))
    #expect((letter["error_message"] as? String)?.hasPrefix("timestamp is required") == true)
    #expect(stand.sidecar.keys.isEmpty)

    #expect(await stand.deliver(Array(Wrapped.exercise("e-1").utf8), headers: Self.kafka(timestamp)) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.epoch == Stand.noon / 1_000)
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
  }

  @Test("A time that an earlier release took from a record without one is dropped when the event waits")
  func waiting() throws {
    var facts = DeliveryMetadata()
    facts.brokerTime = Timestamp(milliseconds: -62_135_596_800_000)
    let deferred = DeferredEvent(
      Delivery.Original(bytes: Array("{}".utf8), facts: facts), topic: "t", Deferrals.none.next(isEndless: false, at: Stand.noonTime),
      reason: "r", student: nil, now: Stand.noonTime)
    let data = try ReadJSON.canonical(try ReadJSON.data(deferred.event.body))
    #expect(try #require(DeferredEvent(message: Array(data.utf8))).facts.brokerTime == nil)
  }
}
