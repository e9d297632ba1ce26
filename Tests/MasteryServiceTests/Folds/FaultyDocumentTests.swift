import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A document that cannot take an event")
struct FaultyDocumentTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let events = [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]

  @Test("A document two releases newer makes its events wait, and stays untouched")
  func newerSchema() async throws {
    let stand = Stand()
    let stored = Array(#"{"schema":3,"student_id":"s-1","evidence":{"another":"layout"}}"#.utf8)
    stand.sidecar.put(stored, at: Self.key)
    #expect(await stand.deliver(Self.events) == ["0": "SUCCESS", "1": "SUCCESS"])
    // Longer than any other event.
    for count in 1...12 {
      #expect(stand.waiting.count == count)
      let waiting = try #require(stand.waiting.last)
      #expect(try ReadJSON.data(waiting)["retry_count"] as? Int == count)
      stand.clock.step(600_000)
      #expect(await stand.deliver(waiting, to: Topic.retry) == ["": "SUCCESS"])
    }
    #expect(stand.sidecar.stored(Self.key)?.value == stored)
    #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
  }

  @Test(
    "A damaged document sends its events to the dead letters and is left alone",
    arguments: [
      "{}", "[]", "null", #""text""#, "no JSON at all", #"{"schema":1,"student_id":"s-1"}"#, #"{"schema":"1"}"#, #"{"schema":0}"#,
    ])
  func unreadable(_ stored: String) async throws {
    let stand = Stand()
    stand.sidecar.put(Array(stored.utf8), at: Self.key)
    #expect(await stand.deliver(Self.events) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(stand.sidecar.stored(Self.key)?.value == Array(stored.utf8))
    #expect(try stand.document(of: "s-2").ledger.revision == 1)
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["error_type"] as? String == "processing_error")
    #expect(failed["event_id"] as? String == "e-1")
    #expect(failed["original_event_type"] as? String == "exercise.completed")
    #expect(failed["original_time"] as? String == "2026-03-10T08:00:00Z")
    #expect(failed["original_payload"] as? String == Self.events[0])
    #expect(stand.sidecar.published(to: "mastery.results").count == 1)
    #expect(stand.lines.all.contains { $0.contains(#""level":"error""#) && $0.contains(#""student_id":"s-1""#) })
  }

  @Test("A document that would grow over 1 MiB stays as it is")
  func tooLarge() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-0", at: "2026-03-01T08:00:00Z")])
    var document = try stand.document(of: "s-1")
    let room = (1 << 20) - StudentDocumentWriter.bytes(of: document).count - 20
    document.unknownFields = [PreservedField(name: "pad", json: "\"\(String(repeating: "x", count: room))\"")]
    let stored = StudentDocumentWriter.bytes(of: document)
    #expect(stored.count <= 1 << 20)
    stand.sidecar.put(stored, at: Self.key)
    #expect(await stand.deliver(Self.events) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
    let failed = try await stand.giveUp()
    #expect(stand.sidecar.stored(Self.key)?.value == stored)
    #expect(failed["error_type"] as? String == "processing_error" && failed["event_id"] as? String == "e-1")
    #expect((failed["error_message"] as? String)?.contains("1048576") == true)
  }

  @Test("A document with over 64 waiting announcements saves nothing, empties its outbox and goes on")
  func outboxFull() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-0", completed: 1, at: "2026-03-09T08:00:00Z")])
    var document = try stand.document(of: "s-1")
    let waiting = (0..<63).map { OutboxEntry(id: "w-\($0)", topic: "mastery.events", body: #"{"id":"w-\#($0)"}"#) }
    document.ledger.outbox = waiting
    // Another replica saved it: this one has published revision 1, with all that it announced.
    document.ledger.revision += 1
    let stored = StudentDocumentWriter.bytes(of: document)
    stand.sidecar.put(stored, at: Self.key)

    // 8 of 10 on the next day: 0.4 × 0.8 + 0.1 × 1 is a level up from 0.14, and completion is no longer weak; two more are 65.
    stand.sidecar.always(.failed(.failed(status: 500, code: "ERR", message: "broker down")), where: \.isPublish)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    #expect(stand.sidecar.stored(Self.key)?.value == stored)

    stand.sidecar.recover()
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.stored(Self.key)?.value == stored && stand.waiting.count == 1)
    #expect(stand.sidecar.published(to: "mastery.events").suffix(63) == waiting.map { Array($0.body.utf8) }[...])
    stand.clock.step(1_000)
    #expect(await stand.deliver(try #require(stand.waiting.first), to: Topic.retry) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.outbox.count == 2)
    #expect(try stand.document(of: "s-1").ledger.revision == 3)
  }

  @Test("A document with withdrawn consent lets its events vanish")
  func consent() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-0", at: "2026-03-01T08:00:00Z")])
    var document = try stand.document(of: "s-1")
    document.ledger.consent = Consent(granted: false, recordedAt: stand.clock.now, recordedBy: "parent")
    try await goesNowhere(stand, document, [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", at: "2026-03-15T12:01:00Z")])
  }

  @Test("A document of an erased student lets older events vanish and accepts newer ones")
  func erased() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-0", at: "2026-03-01T08:00:00Z")])
    var document = try stand.document(of: "s-1")
    document.ledger.erasedAt = Timestamp(iso8601: "2026-03-10T08:00:00Z")
    try await goesNowhere(stand, document, [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", at: "2026-03-09T00:00:00Z")])
    #expect(await stand.deliver([Wrapped.exercise("e-3", at: "2026-03-10T08:00:00.001Z")]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 2)
    #expect(try stand.document(of: "s-1").ledger.erasedAt == document.ledger.erasedAt)
  }

  private func goesNowhere(_ stand: Stand, _ document: StudentDocument, _ events: [String]) async throws {
    let stored = StudentDocumentWriter.bytes(of: document)
    stand.sidecar.put(stored, at: Self.key)
    let published = stand.sidecar.published.count
    #expect(await stand.deliver(events).values.allSatisfy { $0 == "SUCCESS" })
    #expect(stand.sidecar.stored(Self.key)?.value == stored)
    #expect(stand.sidecar.published.count == published)
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(PrometheusText.events("forgotten", in: samples) == Double(events.count))
    #expect(stand.lines.all.contains { $0.contains("erased") && $0.contains(#""student_id":"s-1""#) })
  }
}
