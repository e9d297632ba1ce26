import DaprClient
import Foundation
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("An erasure that is resumed by somebody else, perhaps with a wrong clock")
struct ErasureClockTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let year: Int64 = 365 * 86_400_000
  private static let margin: Int64 = 5 * 60_000

  private func request(at moment: Int64 = Stand.noon) -> [UInt8] {
    let request = #"{"event_type":"erasure.requested","student_id":"s-1","requested_at":\#(moment)}"#
    return Array(Wrapped.bulk([("0", Wrapped.cloudEvent(request))]).utf8)
  }

  @Test("goes by the time of asking", arguments: [-Self.year, -60_000, 0, 60_000, 86_400_000, Self.year])
  func clocks(_ ahead: Int64) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let other = Stand(at: Stand.noon + 1_000 + ahead, sidecar: stand.sidecar)
    #expect(await other.deliver(request(at: Stand.noon + 1_000), to: Topic.erasures) == ["0": "SUCCESS"])
    let document = try stand.document(of: "s-1")
    #expect(document.isTombstone && document.ledger.erasing == nil)
    #expect(document.ledger.erasedAt?.milliseconds == Stand.noon + 1_000 + Self.margin)
    // Asked for once more, there is nothing left to do.
    let standing = stand.sidecar.stored(Self.key)
    #expect(await stand.deliver(request(at: Stand.noon + 1_000), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(stand.sidecar.stored(Self.key) == standing)
  }

  @Test("forgets whatever it takes away, be it later than the time of asking")
  func later() async throws {
    let stand = Stand.production()
    stand.clock.step(3_600_000)
    let event = Wrapped.cloudEvent(Wrapped.exercise("e-1", at: "2026-03-15T12:58:00Z"), time: "2026-03-15T12:59:00Z")
    for _ in 0..<2 {
      #expect(await stand.deliver(Array(Wrapped.bulk([("0", event)]).utf8)) == ["0": "SUCCESS"])
      #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
      let document = try stand.document(of: "s-1")
      #expect(document.isTombstone && document.ledger.erasedAt?.iso8601 == "2026-03-15T12:58:00Z")
    }
  }

  @Test("is finished however long ago it was begun, and takes nothing from a student who began anew since")
  func old() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.play { call in call.isAside ? .failed(.timedOut) : .done }
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "RETRY"])
    #expect(try stand.document(of: "s-1").ledger.erasing != nil)
    stand.sidecar.recover()
    stand.clock.step(40 * 86_400_000)
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.erasing == nil)

    let anew = Stand.production()
    anew.clock.step(40 * 86_400_000)
    #expect(await anew.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(anew.sidecar.stored(Self.key) == nil)
  }

  @Test("sets a new life above the damaged one before it, which may have begun a day ahead")
  func damaged() async throws {
    let stand = Stand.production()
    stand.sidecar.put(Array(#"{"schema":1,"evidence":7}"#.utf8), at: Self.key)
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.epoch == Stand.noon / 1_000 + 86_400 + 1)
  }

  @Test("is done after any time to a student who was last erased before it was asked for, however late the life after that is numbered")
  func latelyResumed() async throws {
    let stand = Stand.production()
    stand.sidecar.put(Array(#"{"schema":1,"evidence":7}"#.utf8), at: Self.key)
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    stand.clock.step(3_600_000)
    let event = Wrapped.cloudEvent(Wrapped.exercise("e-1", at: "2026-03-15T12:58:00Z"), time: "2026-03-15T12:59:00Z")
    #expect(await stand.deliver(Array(Wrapped.bulk([("0", event)]).utf8)) == ["0": "SUCCESS"])
    stand.clock.step(40 * 86_400_000)
    let moment = Stand.noon + 2 * 3_600_000
    #expect(await stand.deliver(request(at: moment), to: Topic.erasures) == ["0": "SUCCESS"])
    let document = try stand.document(of: "s-1")
    #expect(document.isTombstone && document.ledger.erasedAt?.milliseconds == moment + Self.margin)
  }

  @Test("finds the pieces of a trail that a wrong clock let go of")
  func pieces() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    func look(_ stand: Stand, _ name: String) async throws {
      for number in 0..<20 { stand.service.audit.record(try AuditTests.record("\(name)-\(number)", of: "s-1", bytes: 2_000)) }
      #expect(await stand.service.writeTrails() == 0)
    }
    for number in 0..<3 { try await look(stand, "r-\(number)") }
    #expect(stand.sidecar.stored("student:s-1:audit:1") != nil)
    try await look(Stand(at: Stand.noon + Self.year, sidecar: stand.sidecar), "ahead")
    let head = String(decoding: try #require(stand.sidecar.stored("student:s-1:audit")).value, as: UTF8.self)
    #expect(!head.contains(#""first":0,"#))
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    for key in stand.sidecar.keys where key.contains(":audit") {
      #expect(!String(decoding: try #require(stand.sidecar.stored(key)).value, as: UTF8.self).contains("s-1"), "\(key)")
    }
  }
}
