import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A failed event of a student who is to be forgotten")
struct ForgottenEventTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let failing = Set([key])

  /// An event that breaks the rules: more is completed than exists.
  private func wrong(_ id: String, of student: String = "s-1", at time: String = "2026-03-10T08:00:00Z") -> String {
    Wrapped.exercise(id, of: student, completed: 11, at: time)
  }

  private func token(_ stand: Stand) throws -> [HTTPField] {
    [Bearer.header(try Bearer.token("s-1", "student", at: stand.clock.now.milliseconds))]
  }

  private func withdraw(_ stand: Stand) async throws {
    #expect(await stand.ask("PUT", "/student/s-1/consent", #"{"granted":false}"#, try token(stand)).status == 200)
  }

  private func letters(_ stand: Stand) throws -> [String] {
    try stand.sidecar.published(to: Topic.deadLetters).map { try #require(ReadJSON.data($0)["event_id"] as? String) }
  }

  /// Delivers the engine's dead letters back to it.
  private func deliverLetters(to stand: Stand) async -> [String: String] {
    let letters = stand.sidecar.published(to: Topic.deadLetters).map { String(decoding: $0, as: UTF8.self) }
    return await stand.deliver(Array(Wrapped.bulk(letters.enumerated().map { ("\($0.offset)", $0.element) }).utf8), to: Topic.deadLetters)
  }

  private func kept(_ stand: Stand) -> String {
    stand.sidecar.keys.filter { $0.contains("dlq:") }.map { String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self) }
      .joined()
  }

  @Test("A failed event without consent vanishes: it is acknowledged, counted, and on record once a delivery")
  func withdrawn() async throws {
    let stand = Stand.production()
    try await withdraw(stand)
    let events = [wrong("e-1"), wrong("e-2"), Wrapped.exercise("e-3"), wrong("e-4", of: "s-2")]
    #expect(Set(await stand.deliver(events).values) == ["SUCCESS"])
    #expect(try letters(stand) == ["e-4"])
    #expect(!stand.sidecar.published.contains { String(decoding: $0.event.body, as: UTF8.self).contains("s-1") })
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    let records = try await AuditTests.trail(of: "s-1", at: stand).filter { $0["action"] as? String == "event" }
    #expect(records.count == 1 && records.first?["outcome"] as? String == "refused")
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(PrometheusText.events("forgotten", in: samples) == 3)
    #expect(PrometheusText.events("refused", in: samples) == 1)
  }

  @Test("A failed event of an erased life vanishes; a later one becomes a dead letter, kept only once a new life has begun")
  func erased() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-0")])
    #expect(await stand.ask("DELETE", "/student/s-1", "", try token(stand)).status == 200)
    stand.clock.step(3_600_000)
    let late = Wrapped.cloudEvent(wrong("e-2", at: "2026-03-15T12:30:00Z"), time: "2026-03-15T12:59:00Z")
    let bulk = Wrapped.bulk([("0", Wrapped.cloudEvent(wrong("e-1"))), ("1", late)])
    #expect(await stand.deliver(Array(bulk.utf8)) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(try letters(stand) == ["e-2"])
    #expect(await deliverLetters(to: stand) == ["0": "SUCCESS"])
    #expect(!kept(stand).contains("e-2"))
    let living = Wrapped.cloudEvent(Wrapped.exercise("e-3", at: "2026-03-15T12:30:00Z"), time: "2026-03-15T12:59:00Z")
    #expect(await stand.deliver(Array(Wrapped.bulk([("0", living)]).utf8)) == ["0": "SUCCESS"])
    #expect(await deliverLetters(to: stand) == ["0": "SUCCESS"])
    #expect(kept(stand).contains("e-2"))
  }

  @Test("An event of an erased life vanishes even if the store refuses the document that other events would change")
  func refused() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-0")])
    #expect(await stand.ask("DELETE", "/student/s-1", "", try token(stand)).status == 200)
    stand.clock.step(3_600_000)
    stand.sidecar.always(.refused(keys: Self.failing, .refused(status: 400, code: "ERR_STATE_SAVE", message: "no")), where: \.isSave)
    let living = Wrapped.cloudEvent(Wrapped.exercise("e-2", at: "2026-03-15T12:30:00Z"), time: "2026-03-15T12:59:00Z")
    let bulk = Wrapped.bulk([("0", Wrapped.cloudEvent(Wrapped.exercise("e-1"))), ("1", living)])
    #expect(await stand.deliver(Array(bulk.utf8)) == ["0": "SUCCESS", "1": "SUCCESS"])
    // Both wait, each by itself; the event of the erased life vanishes as soon as it is tried alone.
    #expect(stand.waiting.count == 2 && stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    stand.clock.step(1_000)
    #expect(await stand.deliver(stand.waiting[0], to: Topic.retry) == ["": "SUCCESS"])
    #expect(stand.waiting.count == 2)
    for wait: Int64 in [0, 5_000, 30_000, 120_000, 600_000] {
      stand.clock.step(wait)
      #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    }
    #expect(try letters(stand) == ["e-2"])
  }

  @Test("A failed event comes again while its student's document is unknown, and one that names no student does not wait")
  func undecided() async throws {
    let stand = Stand.production()
    stand.sidecar.always(.failed(.timedOut), where: \.isLoad)
    #expect(await stand.deliver([wrong("e-1"), "[7]"]) == ["0": "RETRY", "1": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
    stand.sidecar.recover()
    stand.sidecar.put(Array(#"{"schema":9}"#.utf8), at: Self.key)
    #expect(await stand.deliver([wrong("e-1"), wrong("e-2", of: "s-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(try letters(stand).suffix(1) == ["e-2"])
    #expect(try stand.waiting.map { try ReadJSON.data($0)["student_id"] as? String } == ["s-1"])
  }

  @Test("A failed event is a dead letter on record once its student's key fails for 15 minutes, and holds up no neighbour")
  func unreadable() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    stand.sidecar.always(.partly(without: Self.failing), where: \.isLoad)
    let letters = ["s-1", "s-2"].map { student in
      #"{"event_id":"e-\#(student)","event_type":"FailedEvent","student_id":"\#(student)","original_payload":"x","#
        + #""original_payload_encoding":"utf-8","error_message":"wrong","failed_at":"2026-03-15T11:00:00Z"}"#
    }
    _ = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, try token(stand))
    for minute in 0...15 {
      let isOver = minute == 15
      #expect(await stand.deliver(letters, to: Topic.deadLetters) == ["0": isOver ? "SUCCESS" : "RETRY", "1": "SUCCESS"])
      // It waits until then, each time it comes.
      #expect(await stand.deliver([wrong("e-1")]) == ["0": "SUCCESS"])
      #expect(stand.waiting.count == min(minute + 1, 15) && stand.sidecar.published(to: Topic.deadLetters).isEmpty != isOver)
      #expect((await stand.service.writeTrails() == 0) == isOver)
      stand.clock.step(60_000)
    }
    #expect(kept(stand).contains("e-s-1") && kept(stand).contains("e-s-2"))
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
    #expect(stand.sidecar.stored("student:s-1:audit") != nil)
  }

  @Test("A dead letter keeps the event's time even if it is too far ahead, so that it is the same event when sent again")
  func ahead() async throws {
    let stand = Stand.production()
    #expect(await stand.deliver([wrong("e-1", at: "2027-01-01T00:00:00Z")]) == ["0": "SUCCESS"])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: Topic.deadLetters).first))
    #expect(letter["original_time"] as? String == "2027-01-01T00:00:00Z")
  }
}
