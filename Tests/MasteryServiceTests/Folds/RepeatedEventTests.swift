import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("An event that waits again")
struct RepeatedEventTests {
  private static let failing = Fate.partly(without: ["student:s-1:profile:current_mastery"])

  @Test("An event that became a dead letter and is sent again waits anew, whichever replica defers it", arguments: [true, false])
  func sentAgain(_ isDeferredByOther: Bool) async throws {
    let sidecar = SimulatedSidecar()
    let (stand, other) = (Stand(sidecar: sidecar), Stand(sidecar: sidecar, seed: 2))
    sidecar.always(Self.failing, where: \.isLoad)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    _ = try await stand.giveUp()
    stand.clock.step(60_000)
    other.clock.step(stand.clock.now.milliseconds - other.clock.now.milliseconds)
    #expect(await (isDeferredByOther ? other : stand).deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    let waiting = try #require(stand.waiting.last)
    #expect(try ReadJSON.data(waiting)["retry_count"] as? Int == 1)
    sidecar.recover()
    stand.clock.step(1_000)
    #expect(await stand.deliver(waiting, to: Topic.retry) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
  }

  @Test("A copy of a message that began to wait later replaces all copies of the earlier one, and an earlier release's goes by number")
  func generations() {
    func copy(_ generation: Int64, _ number: Int) -> WaitingCopy {
      WaitingCopy(message: "m", generation: generation, number: number, id: "i")
    }
    let copies = WaitingCopies()
    copies.note(copy(5, 2))
    #expect(copies.isSuperseded(copy(4, 9)) && copies.isSuperseded(copy(5, 1)) && copies.isSuperseded(copy(0, 1)))
    #expect(!copies.isSuperseded(copy(6, 1)) && !copies.isSuperseded(copy(5, 3)) && !copies.isSuperseded(copy(0, 3)))
  }

  /// An event that is refused, and reads like an empty bulk delivery.
  private static let bulkLike = #"{"student_id":"s-1","entries":[]}"#

  /// A stand on whose `mastery.retry` that event waits.
  private func stand() async throws -> Stand {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    #expect(await stand.deliver([Self.bulkLike]) == ["0": "SUCCESS"])
    #expect(stand.waiting.count == 1)
    stand.sidecar.recover()
    stand.clock.step(1_000)
    return stand
  }

  @Test("A refused event that looks like an empty bulk delivery becomes a dead letter after its wait")
  func bulkLike() async throws {
    let stand = try await stand()
    #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    let letter = try ReadJSON.data(try #require(stand.sidecar.published(to: Topic.deadLetters).first))
    #expect(letter["original_payload"] as? String == Self.bulkLike && letter["retry_count"] as? Int == 1)
    #expect((letter["error_message"] as? String)?.hasPrefix("event_type is required") == true)
  }

  @Test("A refused event that looks like an empty bulk delivery is kept with its fault if the broker gives it up while it waits")
  func bulkLikeGivenUp() async throws {
    let stand = try await stand()
    #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.deadLetters) == ["": "SUCCESS"])
    let kept = stand.sidecar.keys.filter { $0.hasPrefix("dlq:") }
      .map { String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self) }
    #expect(kept.joined().contains("event_type is required"))
  }
}
