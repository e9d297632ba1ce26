import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The time of an event")
struct EventTimeTests {
  /// A quiz without an id, so that its envelope gives one; `timestamp` is inserted as it is.
  private static func quiz(_ timestamp: String?) -> String {
    let time = timestamp.map { #""timestamp":\#($0),"# } ?? ""
    return #"{"event_type":"quiz",\#(time)"student_id":"s-1","data":{"total_questions":10,"correct_answers":5}}"#
  }

  private func time(_ stand: Stand) throws -> Int64 {
    try #require(try stand.document(of: "s-1").latest.quiz).timestamp.milliseconds
  }

  private func refusal(_ stand: Stand) throws -> String {
    #expect(stand.sidecar.keys.isEmpty)
    let letters = stand.sidecar.published(to: "mastery.dlq")
    #expect(letters.count == 1)
    let letter = try ReadJSON.data(try #require(letters.first))
    return try #require(letter["error_message"] as? String)
  }

  /// 10 March 2026, 08:00:00.000 UTC in all of them, or the time given beside it.
  private static let written: [(text: String, milliseconds: Int64)] = [
    ("1773129600", 1_773_129_600_000), ("1773129600.0", 1_773_129_600_000), ("1773129600.25", 1_773_129_600_250),
    ("1.7731296e9", 1_773_129_600_000), ("1773129600000", 1_773_129_600_000), ("1773129600000000", 1_773_129_600_000),
    ("1773129600123456", 1_773_129_600_123), (#""2026-03-10T08:00:00""#, 1_773_129_600_000), (#""2026-03-10 08:00""#, 1_773_129_600_000),
    (#""2026-03-10T08:00Z""#, 1_773_129_600_000), (#""2026-03-10T13:30:00+0530""#, 1_773_129_600_000),
    (#""2026-03-10T13:00:00+05""#, 1_773_129_600_000), ("631152000", 631_152_000_000), (#""1990-01-01T00:00:00Z""#, 631_152_000_000),
  ]

  @Test("The time of an event is read as producers write it, so seconds are not taken for milliseconds", arguments: written.indices)
  func reading(_ index: Int) async throws {
    let (text, milliseconds) = Self.written[index]
    let stand = Stand { $0.retentionDays = 1_000 }
    #expect(await stand.deliver([Self.quiz(text)]) == ["0": "SUCCESS"])
    if milliseconds > 1_700_000_000_000 {
      #expect(try time(stand) == milliseconds)
    } else {
      // Long before the retention it is only the origin of a value in force.
      #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
    }
  }

  @Test(
    "A time before 1990, or no time at all, is refused with its field and its value",
    arguments: [
      "0", "1", "631151999", "-1773129600", "631151999.9", "1773129600000000000", "1e300", #""1989-12-31T23:59:59Z""#, #""yesterday""#,
      #""2026-03-10""#, "true", "[]",
    ])
  func refusing(_ text: String) async throws {
    let stand = Stand()
    #expect(await stand.deliver([Self.quiz(text)]) == ["0": "SUCCESS"])
    let message = try refusal(stand)
    #expect(message.hasPrefix("timestamp must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from 1990 on, got"))
  }

  @Test(
    "An unreadable CloudEvent time is refused by name, and the broker's time does not replace it",
    arguments: [#""yesterday""#, #""""#, "7", "true", #""0001-01-01T00:00:00Z""#])
  func unreadable(_ time: String) async throws {
    let stand = Stand()
    let body = Wrapped.envelope(#""time":\#(time),"data":\#(Self.quiz(nil))"#, time: nil)
    let headers = [
      HTTPField("__topic", "learning.quiz"), HTTPField("__partition", "3"), HTTPField("__offset", "42"),
      HTTPField("__timestamp", "1773129600000"),
    ]
    #expect(await stand.deliver(Array(body.utf8), headers: headers) == ["": "SUCCESS"])
    let message = try refusal(stand)
    #expect(message.hasPrefix("the CloudEvent's time must be an ISO 8601 time") && message.hasSuffix(", got \(time)"))
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(letter["original_time"] == nil)
  }

  @Test("An unreadable time of the inner CloudEvent is not replaced by that of the envelope around it")
  func unreadableInside() async throws {
    let stand = Stand()
    let inner = Wrapped.cloudEvent(Self.quiz(nil), time: "10 March 2026")
    let body = Wrapped.envelope(#""data_base64":"\#(Wrapped.base64(inner))""#, id: "outer", time: "2026-03-15T11:59:00Z")
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(try refusal(stand).contains(#"got "10 March 2026""#))
  }

  @Test(
    "The time of an event is its own if it has one, whatever its CloudEvent says",
    arguments: [#""yesterday""#, "null", #""2026-03-14T08:00:00Z""#])
  func own(_ time: String) async throws {
    let stand = Stand()
    let body = Wrapped.envelope(#""time":\#(time),"data":\#(Self.quiz("1773129600"))"#, time: nil)
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(try self.time(stand) == 1_773_129_600_000)
  }

  @Test(
    "The time of an event without one is its CloudEvent's, as producers write it",
    arguments: ["2026-03-10T08:00:00", "2026-03-10T13:30+0530"])
  func envelope(_ time: String) async throws {
    let stand = Stand()
    #expect(await stand.deliver(Array(Wrapped.cloudEvent(Self.quiz(nil), time: time).utf8)) == ["": "SUCCESS"])
    #expect(try self.time(stand) == 1_773_129_600_000)
  }

  @Test("An unreadable time is not lost while the event waits for its next try")
  func deferred() throws {
    var facts = DeliveryMetadata()
    facts.unreadableTime = #""yesterday""#
    let original = Delivery.Original(bytes: Array(Self.quiz(nil).utf8), facts: facts)
    let event = DeferredEvent(
      original, topic: "learning.quiz", Deferrals.none.next(isEndless: false, at: Stand.noonTime), reason: "r", student: nil,
      now: Stand.noonTime)
    let data = try ReadJSON.canonical(try ReadJSON.data(event.event.body))
    let read = try #require(DeferredEvent(message: Array(data.utf8)))
    #expect(read.facts == facts)
  }
}
