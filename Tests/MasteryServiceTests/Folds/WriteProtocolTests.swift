import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The write protocol of a fold")
struct WriteProtocolTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let quiz =
    #"{"event_id":"q-1","event_type":"quiz","timestamp":"2026-03-11T08:00:00Z","student_id":"s-1","#
    + #""data":{"total_questions":10,"correct_answers":9}}"#

  @Test("A fold costs one read, one save and one publish per topic, however many students there are")
  func bulk() async throws {
    let stand = Stand()
    let events = (0..<100).map { Wrapped.exercise("e-\($0)", of: "s-\($0 % 50)") }
    #expect(await stand.deliver(events).values.allSatisfy { $0 == "SUCCESS" })
    #expect(stand.sidecar.calls.filter(\.isLoad).count == 1)
    #expect(stand.sidecar.calls.filter(\.isSave).count == 1)
    let topics = stand.sidecar.calls.compactMap { call in if case .publish(let topic, _) = call { topic } else { nil } }
    #expect(topics.sorted() == ["learning.path.recommended", "mastery.events", "mastery.results", "mastery.standings"])
    #expect(stand.sidecar.published(to: "mastery.results").count == 50)
    guard case .save(let items)? = stand.sidecar.calls.first(where: \.isSave) else { return }
    #expect(items.allSatisfy { $0.condition == .absent && $0.secondsToLive == 7_776_000 })
  }

  @Test("A fold saves with the ETag that it read, and keeps what was there")
  func etag() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let etag = try #require(stand.sidecar.stored(Self.key)).etag
    _ = await stand.deliver([Self.quiz])
    guard case .save(let items)? = stand.sidecar.calls.last(where: \.isSave) else { return }
    #expect(items.map(\.condition) == [.matches(etag)])
    let document = try stand.document(of: "s-1")
    #expect(document.ledger.revision == 2)
    #expect(document.latest.completion?.event.text == "e-1")
  }

  @Test("A fold loses no update of another writer, whether the document existed or not", arguments: [true, false], StoreProfile.allCases)
  func conflict(isNew: Bool, profile: StoreProfile) async throws {
    let sidecar = SimulatedSidecar(store: SimulatedStore(profile))
    let stand = Stand(sidecar: sidecar)
    let other = Stand(sidecar: sidecar, seed: 2)
    if !isNew { _ = await stand.deliver([Wrapped.exercise("e-0", completed: 1, at: "2026-03-01T00:00:00Z")]) }
    let once = Once()
    sidecar.play { call in
      if call.isSave, once() { #expect(await other.deliver([Self.quiz]) == ["0": "SUCCESS"]) }
      return .done
    }
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    let document = try stand.document(of: "s-1")
    #expect(document.latest.completion?.event.text == "e-1")
    #expect(document.latest.quiz?.event.text == "q-1")
    #expect(document.ledger.revision == (isNew ? 2 : 3))
    #expect(stand.clock.pauses.count == 1)
  }

  @Test("A fold tries eight times with pauses, and then lets only that student's events wait")
  func eightTries() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let before = try #require(stand.sidecar.stored(Self.key)).value
    let sidecar = stand.sidecar
    sidecar.play { call in
      if call.isSave { sidecar.put(before, at: Self.key) }
      return .done
    }
    let calls = sidecar.calls.count
    let published = sidecar.published.count
    #expect(await stand.deliver([Self.quiz, Wrapped.exercise("e-2", of: "s-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    let saved = sidecar.calls.dropFirst(calls).compactMap { call in if case .save(let items) = call { items.map(\.key) } else { nil } }
    #expect(saved.count { $0.contains(Self.key) } == 8 && saved.count == 8)
    #expect(stand.clock.pauses.count == 7)
    #expect(stand.clock.pauses.allSatisfy { $0 > 0 && $0 <= 1_000 })
    #expect(Set(stand.clock.pauses).count > 1)
    #expect(try #require(sidecar.stored(Self.key)).value == before)
    let said = sidecar.published.dropFirst(published).filter { $0.event.partitionKey == "s-1" }
    #expect(said.map(\.topic) == [Topic.retry])
    sidecar.recover()
    stand.clock.step(1_000)
    #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").latest.quiz?.event.text == "q-1")
  }

  @Test("A fold asks for another delivery at once if the store is down in any way", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.cannotRead(outage)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "RETRY", "1": "RETRY"])
    // One key may be to blame for a broken connection: the first is read five times, and then the sidecar's health.
    #expect(stand.sidecar.calls.count == (outage == .broken ? 7 : 1))
    // A bulk get answers like this while Redis is down: an error for each key, including readiness.
    stand.sidecar.always(.partly(without: [Self.key, "student:s-2:profile:current_mastery", "ready:probe"]), where: \.isLoad)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "RETRY", "1": "RETRY"])
    #expect(stand.sidecar.keys.isEmpty && stand.sidecar.published.isEmpty)
  }

  @Test("A fold lets only those events wait whose key the store cannot read")
  func oneKeyFails() async throws {
    let stand = Stand()
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:s-2:profile:current_mastery"])
    #expect(stand.waiting.count == 1)
  }

  @Test("A fold asks for another delivery while the store saves nobody's documents", arguments: Outage.allCases)
  func savesNothing(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.always(.failed(outage.failure), where: \.isSave)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "RETRY", "1": "RETRY"])
    #expect(stand.sidecar.published.isEmpty && stand.sidecar.keys.isEmpty)
  }

  @Test("A fold lets a student's events wait if only that document cannot be saved, with neighbours or without", arguments: [true, false])
  func savesAllButOne(_ isAlone: Bool) async throws {
    let stand = Stand()
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isSave)
    let events = [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]
    #expect(await stand.deliver(Array(events.prefix(isAlone ? 1 : 2))).values.allSatisfy { $0 == "SUCCESS" })
    #expect(stand.waiting.count == 1 && stand.sidecar.stored(Self.key) == nil)
    let waiting = try ReadJSON.data(try #require(stand.waiting.first))
    #expect((waiting["reason"] as? String)?.contains("failed saving state") == true)
  }

  @Test("A fold takes a lost answer to a save as unknown, and reads again", arguments: Outage.allCases, [true, false])
  func lostSave(_ outage: Outage, tookEffect: Bool) async throws {
    let stand = Stand()
    stand.sidecar.once(tookEffect ? .answerLost(outage.failure) : .failed(outage.failure), where: \.isSave)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
    #expect(try stand.document(of: "s-2").ledger.revision == 1)
    #expect(stand.sidecar.calls.filter(\.isSave).count == (tookEffect ? 1 : 2))
    #expect(stand.sidecar.published(to: "mastery.results").count == 2)
  }

  @Test("A fold saves again only what a partial save left out")
  func partlySaved() async throws {
    let stand = Stand()
    stand.sidecar.once(.partly(without: [Self.key]), where: \.isSave)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    let saved = stand.sidecar.calls.compactMap { call in if case .save(let items) = call { items.map(\.key) } else { nil } }
    #expect(saved == [[Self.key, "student:s-2:profile:current_mastery"], [Self.key]])
    #expect(try stand.document(of: "s-2").ledger.revision == 1)
  }

  @Test("A fold finds the one document among many that the store refuses")
  func refusedSave() async throws {
    let stand = Stand()
    stand.sidecar.play { call in
      if case .save(let items) = call, items.contains(where: { $0.key == Self.key }) {
        return .failed(.refused(status: 400, code: "ERR_MALFORMED_REQUEST", message: "value too odd"))
      }
      return .done
    }
    let events = [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2"), Wrapped.exercise("e-3", of: "s-3")]
    #expect(await stand.deliver(events) == ["0": "SUCCESS", "1": "SUCCESS", "2": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:s-2:profile:current_mastery", "student:s-3:profile:current_mastery"])
    #expect(stand.sidecar.published(to: "mastery.results").count == 2)
    let failed = try await stand.giveUp()
    #expect(failed["error_type"] as? String == "processing_error" && failed["retry_count"] as? Int == 5)
    #expect(failed["event_id"] as? String == "e-1")
    #expect(failed["original_payload"] as? String == events[0])
    #expect((failed["error_message"] as? String)?.contains("value too odd") == true)
  }
}
