import DaprClient
import Foundation
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("An erasure that somebody else resumes, perhaps with a wrong clock")
struct ErasureClockTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let year: Int64 = 365 * 86_400_000
  private static let margin: Int64 = 5 * 60_000

  private func request(at moment: Int64 = Stand.noon) -> [UInt8] {
    let request = #"{"event_type":"erasure.requested","student_id":"s-1","requested_at":\#(moment)}"#
    return Array(Wrapped.bulk([("0", Wrapped.cloudEvent(request))]).utf8)
  }

  @Test("An erasure goes by the time of the request", arguments: [-Self.year, -60_000, 0, 60_000, 86_400_000, Self.year])
  func clocks(_ ahead: Int64) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let other = Stand(at: Stand.noon + 1_000 + ahead, sidecar: stand.sidecar)
    #expect(await other.deliver(request(at: Stand.noon + 1_000), to: Topic.erasures) == ["0": "SUCCESS"])
    let document = try stand.document(of: "s-1")
    #expect(document.isTombstone && document.ledger.erasing == nil)
    #expect(document.ledger.erasedAt?.milliseconds == Stand.noon + 1_000 + Self.margin)
    // For a second request there is nothing left to do.
    let standing = stand.sidecar.stored(Self.key)
    #expect(await stand.deliver(request(at: Stand.noon + 1_000), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(stand.sidecar.stored(Self.key) == standing)
  }

  @Test("An erasure forgets everything that it removes, even if it is later than the request")
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

  @Test("An erasure is finished however long ago it began, and takes nothing from a student who has started over since")
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
    // Whoever was asked may be about to write the tombstone, so the request waits at the end of the topic first.
    for status in ["RETRY", "SUCCESS"] {
      #expect(await anew.deliver(request(), to: Topic.erasures) == ["0": status])
      anew.clock.step(2_000)
    }
    let waiting = try #require(anew.sidecar.published(to: Topic.erasures).last)
    #expect(await anew.deliver(waiting, to: Topic.erasures) == ["": "SUCCESS"])
    #expect(anew.sidecar.published(to: Topic.erasures).count == 1 && anew.sidecar.stored(Self.key) == nil)
  }

  /// A life is numbered up to a day ahead, and so may seem to have begun after the request.
  @Test(
    "An erasure is done by a clock far ahead too, although the request seems to be of a former life",
    arguments: [1_000, 86_400_000] as [Int64])
  func seemsOld(_ earlier: Int64) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let other = Stand(at: Stand.noon + Self.year, sidecar: stand.sidecar)
    #expect(await other.deliver(request(at: Stand.noon - earlier), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").isTombstone)
  }

  @Test("An erasure sets a new life above a damaged one, which may have begun a day ahead of a clock that is minutes ahead")
  func damaged() async throws {
    let stand = Stand.production()
    stand.sidecar.put(Array(#"{"schema":1,"evidence":7}"#.utf8), at: Self.key)
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    // A day, the five minutes by which clocks may differ, and one second each for the damaged life and the new one.
    #expect(try stand.document(of: "s-1").ledger.epoch == Stand.noon / 1_000 + 86_400 + 300 + 2)
  }

  @Test("An erasure is done after any delay if the student was last erased before the request, however late the next life is numbered")
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

  @Test("An erasure finds the pieces of a trail that a wrong clock let go")
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

  /// Standings drop erased students after years, by the clock of the next writer.
  @Test("An erasure keeps the student out of standings that a right clock writes later", arguments: [-Self.year, 0])
  func standings(_ ahead: Int64) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let message = try #require(stand.sidecar.published(to: Topic.standings).last)
    let other = Stand(at: Stand.noon + ahead, sidecar: stand.sidecar)
    #expect(await other.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    let school = StandingGroup(school: nil, cohort: nil)
    let shardKey = school.shardKey(of: try #require(StudentID("s-1")))
    let neighbour = try #require((2..<1_000).lazy.map { "s-\($0)" }.first { StudentID($0).map(school.shardKey(of:)) == shardKey })
    _ = await stand.deliver([Wrapped.exercise("e-2", of: neighbour)])
    for said in [try #require(stand.sidecar.published(to: Topic.standings).last), message] {
      #expect(await stand.deliver(said, to: Topic.standings) == ["": "SUCCESS"])
    }
    let shard = String(decoding: try #require(stand.sidecar.stored(shardKey.stateKey)).value, as: UTF8.self)
    #expect(shard.contains(neighbour) && !shard.contains(#""s-1""#))
  }

  /// A damaged document does not say how far ahead the clock was that began its life.
  ///
  /// Its result may also come only after the erasure.
  @Test(
    "An erasure removes a life begun by a clock a year ahead from the standings, keeps it out, and lets the next one in",
    arguments: [true, false])
  func stray(_ isFirstKnown: Bool) async throws {
    let stand = Stand.production()
    let ahead = Stand(at: Stand.noon + Self.year, sidecar: stand.sidecar)
    // Without a time of its own, a delivery is taken at the clock's word.
    _ = await ahead.deliver(Array(Wrapped.bulk([("0", Wrapped.exercise("e-1"))]).utf8))
    #expect(try stand.document(of: "s-1").ledger.epoch > (Stand.noon + Self.year) / 1_000 - 1)
    let message = try #require(stand.sidecar.published(to: Topic.standings).last)
    let shardKey = StandingGroup(school: nil, cohort: nil).shardKey(of: try #require(StudentID("s-1")))
    func isKnown() throws -> Bool {
      String(decoding: try #require(stand.sidecar.stored(shardKey.stateKey)).value, as: UTF8.self).contains(#""s-1""#)
    }
    if isFirstKnown {
      #expect(await stand.deliver(message, to: Topic.standings) == ["": "SUCCESS"])
      #expect(try isKnown())
    }
    stand.sidecar.put(Array(#"{"schema":1,"evidence":7}"#.utf8), at: Self.key)
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(try !isKnown())
    #expect(await stand.deliver(message, to: Topic.standings) == ["": "SUCCESS"])
    #expect(try !isKnown())
    stand.clock.step(3_600_000)
    let event = Wrapped.cloudEvent(Wrapped.exercise("e-2", at: "2026-03-15T12:58:00Z"), time: "2026-03-15T12:59:00Z")
    #expect(await stand.deliver(Array(Wrapped.bulk([("0", event)]).utf8)) == ["0": "SUCCESS"])
    let next = try #require(stand.sidecar.published(to: Topic.standings).last)
    #expect(await stand.deliver(next, to: Topic.standings) == ["": "SUCCESS"])
    #expect(try isKnown())
  }

  @Test("A late result of an erased student waits while the document cannot be read, gets into no cohort, and holds nobody up")
  func unread() async throws {
    let stand = Stand.production()
    let ahead = Stand(at: Stand.noon + Self.year, sidecar: stand.sidecar)
    _ = await ahead.deliver(Array(Wrapped.bulk([("0", Wrapped.exercise("e-1", metadata: #"{"cohort_id":"c-1"}"#))]).utf8))
    let message = try #require(stand.sidecar.published(to: Topic.standings).last)
    stand.sidecar.put(Array(#"{"schema":1,"evidence":7}"#.utf8), at: Self.key)
    #expect(await stand.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    stand.sidecar.always(.failed(.timedOut)) { $0.isLoad && $0.touches(Self.key) }
    for count in 2...4 {
      #expect(await stand.deliver(message, to: Topic.standings) == ["": "SUCCESS"])
      #expect(stand.sidecar.published(to: Topic.standings).count == count)
    }
    stand.sidecar.recover()
    #expect(await stand.deliver(message, to: Topic.standings) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.standings).count == 4)
    for key in stand.sidecar.keys where key.contains(":standing:") {
      #expect(!String(decoding: try #require(stand.sidecar.stored(key)).value, as: UTF8.self).contains(#""s-1""#), "\(key)")
    }
  }

  /// A value sealed under a lost key gives no ETag, so the save over it has no condition.
  @Test("An erasure checks what it wrote over a value without a known ETag, and an earlier one does not undo it")
  func crossed() async throws {
    func stand() -> Stand {
      let stand = Stand.production(sidecar: SimulatedSidecar(store: SimulatedStore(isEncrypted: true)))
      stand.sidecar.put(Array("sealed".utf8), at: Self.key, as: .lost)
      return stand
    }
    let earlier = stand()
    #expect(await earlier.deliver(request(), to: Topic.erasures) == ["0": "SUCCESS"])
    let tombstone = try #require(earlier.sidecar.stored(Self.key)).value

    let later = stand()
    let saves = Mutex(0)
    later.sidecar.play { [sidecar = later.sidecar] call in
      switch call {
      case .save(let items) where items.contains { $0.key == Self.key }: saves.withLock { $0 += 1 }
      case .load(let keys) where keys == [Self.key]:
        if saves.withLock({ $0 == 1 }) { sidecar.put(tombstone, at: Self.key) }
      default: break
      }
      return .done
    }
    #expect(await later.deliver(request(at: Stand.noon + 60_000), to: Topic.erasures) == ["0": "SUCCESS"])
    #expect(try later.document(of: "s-1").ledger.erasedAt?.milliseconds == Stand.noon + 60_000 + Self.margin)
  }
}
