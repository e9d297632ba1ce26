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

  /// The envelope's time, Kafka's time in milliseconds, how far the clock is ahead, and the number of the life in seconds.
  private static let lives: [(envelope: String, kafka: Int64?, ahead: Int64, epoch: Int64)] = [
    // The clock alone tells that it cannot be true.
    ("9999-12-31T23:59:59Z", nil, 0, Stand.noon / 1_000), ("2027-03-18T00:00:00Z", nil, 0, Stand.noon / 1_000),
    // Half a year ahead: Kafka's time, half a minute before noon, tells.
    ("2026-09-01T00:00:00Z", Stand.noon - 30_000, 0, Stand.noon / 1_000),
    ("2026-09-01T00:00:00Z", Stand.noon - 30_000, -year, Stand.noon / 1_000 - 30),
    // A day after Kafka's time is believed, and a second more is not.
    ("2026-03-16T11:59:30Z", Stand.noon - 30_000, 0, Stand.noon / 1_000 + 86_370),
    ("2026-03-16T11:59:31Z", Stand.noon - 30_000, 0, Stand.noon / 1_000),
    // Kafka's own time may be the publisher's.
    ("9999-12-31T23:59:59Z", 253_402_300_799_000, 0, Stand.noon / 1_000),
  ]

  @Test("A delivery from the far future numbers no life, because all later lives would be below it", arguments: lives.indices)
  func future(_ index: Int) async throws {
    let (envelope, kafka, ahead, epoch) = Self.lives[index]
    let stand = Stand(at: Stand.noon + ahead)
    let event = Wrapped.cloudEvent(Wrapped.exercise("e-1", at: "2025-03-14T00:00:00Z"), time: envelope)
    let metadata = kafka.map { #"{"__topic":"t","__partition":"3","__offset":"42","__timestamp":"\#($0)"}"# } ?? "{}"
    #expect(await stand.deliver(Array(Wrapped.bulk([("a", event)], metadata: metadata).utf8)) == ["a": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.epoch == epoch)
  }

  @Test("A delivery from the far future lets no clock that is ahead cut off days either")
  func cutoff() async throws {
    let stand = Stand(at: Stand.noon + Self.year)
    let event = Wrapped.cloudEvent(Wrapped.exercise("e-1"), time: "9999-12-31T23:59:59Z")
    #expect(await stand.deliver(Array(event.utf8)) == ["": "SUCCESS"])
    // The event is of 10 March 2026; a day later less the retention of 90 days is 11 December 2025.
    #expect(try stand.document(of: "s-1").evidence.cutoff.iso8601 == "2025-12-11")
  }
}
