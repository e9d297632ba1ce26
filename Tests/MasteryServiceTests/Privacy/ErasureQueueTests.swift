import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("A request to erase on the engine's own topic")
struct ErasureQueueTests {
  private static let key = "student:s-1:profile:current_mastery"

  private func erase(_ stand: Stand, _ student: String = "s-1") async throws -> Int {
    await stand.ask(
      "DELETE", "/student/\(student)", "", [Bearer.header(try Bearer.token("a-1", "admin", at: stand.clock.now.milliseconds))]
    ).status
  }

  @Test(
    "A finished request to erase announces its own time to the fleet, whenever it is finished and by whichever replica",
    arguments: [0, 3_600_000, 5 * 86_400_000] as [Int64])
  func timeOfAsking(_ later: Int64) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.always(.failed(.timedOut)) { $0.publishes(to: Topic.erased) }
    #expect(try await erase(stand) == 503)
    stand.sidecar.recover()
    let other = Stand.production(sidecar: stand.sidecar, seed: 2)
    other.clock.step(later)
    #expect(await other.deliver(try #require(stand.sidecar.published(to: Topic.erasures).first), to: Topic.erasures) == ["": "SUCCESS"])
    let told = try #require(stand.sidecar.published(to: Topic.erased).first)
    #expect(try ReadJSON.data(told)["timestamp"] as? String == "2026-03-15T12:00:00Z")
    #expect(try ReadJSON.object(told)["time"] as? String == "2026-03-15T12:00:00Z")
    // Five minutes are allowed for the clocks of event producers.
    #expect(try stand.document(of: "s-1").ledger.erasedAt == Stand.noonTime.adding(milliseconds: 300_000))
  }

  @Test("A request to erase goes to the end, at most every 2 s, while only its student fails, and holds up no other")
  func putBack() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    _ = await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")])
    stand.sidecar.always(.failed(.timedOut)) { call in if case .save = call { true } else { false } }
    for student in ["s-1", "s-2"] { #expect(try await erase(stand, student) == 503) }
    let requests = stand.sidecar.published(to: Topic.erasures)
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    #expect(await stand.deliver(try #require(requests.last), to: Topic.erasures) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-2").isTombstone)

    // The stepped clock has advanced by the pauses between tries.
    stand.clock.step(Stand.noon + 1_999 - stand.clock.now.milliseconds)
    #expect(await stand.deliver(requests[0], to: Topic.erasures) == ["": "RETRY"])
    stand.clock.step(1)
    #expect(await stand.deliver(requests[0], to: Topic.erasures) == ["": "SUCCESS"])
    let again = try #require(stand.sidecar.published(to: Topic.erasures).last)
    let data = try ReadJSON.data(again)
    #expect(data["requested_at"] as? Int64 == Stand.noon && data["queued_at"] as? Int64 == Stand.noon + 2_000)
    #expect(await stand.deliver(again, to: Topic.erasures) == ["": "RETRY"])
    stand.sidecar.recover()
    #expect(await stand.deliver(again, to: Topic.erasures) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").isTombstone)
    #expect(stand.sidecar.published(to: Topic.erasures).count == 3)
  }

  @Test("A request to erase is not put back while the store reads or saves nothing for anybody", arguments: [true, false])
  func storeDown(_ reads: Bool) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.always(.failed(.timedOut)) { call in
      if case .save = call { true } else { !reads && call.isLoad }
    }
    #expect(try await erase(stand) == 503)
    let request = try #require(stand.sidecar.published(to: Topic.erasures).first)
    for _ in 0..<3 {
      stand.clock.step(60_000)
      #expect(await stand.deliver(request, to: Topic.erasures) == ["": "RETRY"])
    }
    #expect(stand.sidecar.published(to: Topic.erasures).count == 1)
    stand.sidecar.recover()
    #expect(await stand.deliver(request, to: Topic.erasures) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").isTombstone)
  }

  @Test("A request to erase is not acknowledged before the broker has it again")
  func brokerDown() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.always(.partly(without: [Self.key]), where: \.isLoad)
    #expect(try await erase(stand) == 503)
    let request = try #require(stand.sidecar.published(to: Topic.erasures).first)
    stand.sidecar.play { call in call.isPublish ? .failed(.timedOut) : call.isLoad ? .partly(without: [Self.key]) : .done }
    stand.clock.step(60_000)
    #expect(await stand.deliver(request, to: Topic.erasures) == ["": "RETRY"])
  }

  @Test("A request to erase is not done while a later release's document is in the way, whichever call meets it", arguments: 1...30)
  func laterRelease(_ call: Int) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.always(.failed(.timedOut)) { $0.publishes(to: Topic.erased) }
    #expect(try await erase(stand) == 503)
    let requests = stand.sidecar.published(to: Topic.erasures)
    let hiding = Hiding(call, Self.key)
    stand.sidecar.play { [sidecar = stand.sidecar] _ in
      hiding.count(sidecar)
      return .done
    }
    stand.clock.step(3_000)
    let answer = await stand.deliver(try #require(requests.first), to: Topic.erasures)
    stand.sidecar.recover()
    hiding.end(stand.sidecar)
    let comesAgain = answer == ["": "RETRY"] || stand.sidecar.published(to: Topic.erasures).count > requests.count
    #expect(try comesAgain || stand.document(of: "s-1").ledger.erasing == nil)
  }

  /// Puts a later release's document in place of one at a chosen call, and restores it.
  private final class Hiding: Sendable {
    private static let future = Array(#"{"schema":9,"student_id":"s-1"}"#.utf8)
    private let call: Int
    private let key: String
    private let state = Mutex<(calls: Int, hidden: [UInt8]?)>((0, nil))

    init(_ call: Int, _ key: String) { (self.call, self.key) = (call, key) }

    func count(_ sidecar: SimulatedSidecar) {
      let isNow = state.withLock { state in
        state.calls += 1
        return state.calls == call
      }
      guard isNow, let standing = sidecar.stored(key)?.value else { return }
      state.withLock { $0.hidden = standing }
      sidecar.put(Self.future, at: key)
    }

    func end(_ sidecar: SimulatedSidecar) {
      guard let hidden = state.withLock({ $0.hidden }), sidecar.stored(key)?.value == Self.future else { return }
      sidecar.put(hidden, at: key)
    }
  }
}
