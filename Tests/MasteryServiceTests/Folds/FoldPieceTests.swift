import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A fold of many students, settled in pieces")
struct FoldPieceTests {
  private static let count = 250
  private static let events = (0..<count).map { Wrapped.exercise("e-\($0)", of: "s-\($0)") }

  private static func key(_ number: Int) -> String { "student:s-\(number):profile:current_mastery" }

  /// The keys of each save, in the order of the calls.
  private static func saves(_ stand: Stand) -> [Set<String>] {
    stand.sidecar.calls.compactMap { call in if case .save(let items) = call { Set(items.map(\.key)) } else { nil } }
  }

  @Test("Many students cost one read, two saves and one publish per topic, and each saves and publishes once")
  func calls() async throws {
    let stand = Stand()
    #expect(await stand.deliver(Self.events).values.allSatisfy { $0 == "SUCCESS" })
    #expect(stand.sidecar.calls.filter(\.isLoad).count == 1)
    let saves = Self.saves(stand)
    #expect(saves.map(\.count).sorted() == [125, 125])
    #expect(saves.reduce(into: Set<String>()) { $0.formUnion($1) } == Set((0..<Self.count).map(Self.key)))
    let results = try stand.sidecar.published(to: "mastery.results").compactMap { try ReadJSON.data($0)["student_id"] as? String }
    #expect(results.count == Self.count && Set(results) == Set((0..<Self.count).map { "s-\($0)" }))
    let topics = stand.sidecar.calls.compactMap { call in if case .publish(let topic, _) = call { topic } else { nil } }
    #expect(topics.count == Set(topics).count)
  }

  @Test("Each student of a piece gets its own outcome, wherever in the delivery the event stands")
  func positions() async throws {
    let stand = Stand()
    let refused = [3, 130, 249]
    stand.sidecar.play { call in
      if case .save(let items) = call, items.contains(where: { item in refused.contains { Self.key($0) == item.key } }) {
        return .failed(.refused(status: 400, code: "ERR_MALFORMED_REQUEST", message: "value too odd"))
      }
      return .done
    }
    #expect(await stand.deliver(Self.events).values.allSatisfy { $0 == "SUCCESS" })
    for number in 0..<Self.count { #expect((stand.sidecar.stored(Self.key(number)) == nil) == refused.contains(number), "\(number)") }
    #expect(stand.sidecar.published(to: "mastery.results").count == Self.count - refused.count)
    let waiting = try stand.waiting.map { try ReadJSON.data($0)["student_id"] as? String }
    #expect(waiting.compactMap(\.self).sorted() == refused.map { "s-\($0)" }.sorted())
  }

  @Test("A piece that another writer overtakes is read again by itself, and loses nothing")
  func overtaken() async throws {
    let sidecar = SimulatedSidecar()
    let stand = Stand(sidecar: sidecar)
    let other = Stand(sidecar: sidecar, seed: 2)
    let once = Once()
    sidecar.play { call in
      if case .save(let items) = call, items.count > 1, items.contains(where: { $0.key == Self.key(200) }), once() {
        #expect(await other.deliver([Wrapped.exercise("other", of: "s-200", completed: 1, at: "2026-03-01T00:00:00Z")]) == ["0": "SUCCESS"])
      }
      return .done
    }
    #expect(await stand.deliver(Self.events).values.allSatisfy { $0 == "SUCCESS" })
    let reads = sidecar.calls.compactMap { call in if case .load(let keys) = call { keys } else { nil } }
    #expect(!reads.dropFirst().contains { $0.contains(Self.key(0)) })
    for number in 0..<Self.count {
      #expect(try stand.document(of: "s-\(number)").ledger.revision == (number == 200 ? 2 : 1), "\(number)")
    }
    #expect(try stand.document(of: "s-200").latest.completion?.event.text == "e-200")
  }

  @Test("If the broker does not take the result of one student, only that student's events wait")
  func untaken() async throws {
    let stand = Stand()
    stand.sidecar.play { call in
      if case .publish("mastery.results", let events) = call, events.count > 1 { return .partly(without: ["s-180"]) }
      return .done
    }
    #expect(await stand.deliver(Self.events).values.allSatisfy { $0 == "SUCCESS" })
    #expect(try stand.waiting.map { try ReadJSON.data($0)["student_id"] as? String } == ["s-180"])
  }

  @Test("If no document can be read, all events come again and nothing is saved", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.cannotRead(outage)
    #expect(await stand.deliver(Self.events).values.allSatisfy { $0 == "RETRY" })
    #expect(stand.sidecar.keys.isEmpty && stand.sidecar.published.isEmpty)
  }
}
