import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The note of a student who withdrew consent")
struct ConsentNoteTests {
  private static func say(_ stand: Stand, _ granted: Bool) async -> Int {
    guard let token = try? Bearer.token("a", "admin", at: stand.clock.now.milliseconds) else { return 0 }
    return await stand.ask("PUT", "/student/s-1/consent", #"{"granted":\#(granted)}"#, [Bearer.header(token)]).status
  }

  /// The time to live of the note.
  private static func lifetime(_ store: SimulatedStore) throws -> Int {
    let key = try #require(store.keys.first { $0.hasPrefix("forgotten:") })
    return try #require(store.stored(key)?.secondsToLive)
  }

  private static let torn = #"{"student_id":"s-1" "event_type":"quiz""#

  @Test("The note of withdrawn consent lasts until consent is given again, and then expires like any other")
  func expires() async throws {
    let stand = Stand.production { $0.retentionDays = 40 }
    #expect(await Self.say(stand, true) == 200)
    #expect(!stand.sidecar.keys.contains { $0.hasPrefix("forgotten:") })
    #expect(await Self.say(stand, false) == 200)
    #expect(try Self.lifetime(stand.sidecar.store) == -1)
    #expect(await stand.deliver([Wrapped.quoted(Self.torn)]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).isEmpty)

    stand.clock.step(60_000)
    #expect(await Self.say(stand, true) == 200)
    #expect(try Self.lifetime(stand.sidecar.store) == 40 * 86_400)
    #expect(await stand.deliver([Wrapped.quoted(Self.torn)]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
  }

  @Test("An erasure after consent was given again is noted as before, and so is another withdrawal")
  func afterwards() async throws {
    let stand = Stand.production()
    for granted in [false, true] { #expect(await Self.say(stand, granted) == 200) }
    stand.clock.step(60_000)
    let admin = Bearer.header(try Bearer.token("a", "admin", at: stand.clock.now.milliseconds))
    #expect(await stand.ask("DELETE", "/student/s-1", "", [admin]).status == 200)
    #expect(try Self.lifetime(stand.sidecar.store) == 90 * 86_400)
    #expect(await stand.deliver([Wrapped.quoted(Self.torn)]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    #expect(await Self.say(stand, false) == 200)
    #expect(try Self.lifetime(stand.sidecar.store) == -1)
  }

  @Test(
    "The note never expires while consent is withdrawn, in whatever order two replicas withdraw it and take it", arguments: [true, false])
  func everyOrder(_ wasWithdrawn: Bool) async throws {
    let schedule = Schedule(limit: 12)
    let key = try Stand.key("s-1")
    var ends: Set<Bool> = []
    var orders = 0
    repeat {
      orders += 1
      let store = SimulatedStore(.redis)
      let stands = (0..<2).map { Stand.production(sidecar: SimulatedSidecar(store: store), seed: UInt64($0 + 1)) }
      if wasWithdrawn { #expect(await Self.say(stands[0], false) == 200) }
      for (walk, stand) in stands.enumerated() {
        stand.sidecar.play { call in
          await schedule.turn(walk)
          return .done
        }
      }
      async let withdrawing: Int = {
        defer { schedule.end(0) }
        return await Self.say(stands[0], false)
      }()
      async let granting: Int = {
        defer { schedule.end(1) }
        return await Self.say(stands[1], true)
      }()
      #expect(await [withdrawing, granting] == [200, 200])
      let document = try StoredDocument.read(try #require(store.stored(key.documentKey)).value, of: key)
      let isWithdrawn = document.ledger.isConsentWithdrawn
      ends.insert(isWithdrawn)
      #expect(try !isWithdrawn || Self.lifetime(store) == -1)
    } while schedule.advance()
    #expect(ends == [true, false] && orders > 50, "\(orders)")
  }
}
