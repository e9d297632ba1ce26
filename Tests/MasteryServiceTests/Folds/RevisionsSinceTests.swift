import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A result whose former revisions nobody saw")
struct RevisionsSinceTests {
  private static let brokerDown = Fate.failed(.failed(status: 500, code: "ERR_PUBSUB", message: "broker down"))

  /// An event on a day of its own, so that each makes a revision.
  private static func event(_ day: Int) -> String { Wrapped.exercise("e-\(day)", at: "2026-03-\(day < 10 ? "0" : "")\(day)T08:00:00Z") }

  /// The content of the published results: the revision, and since which one it stands.
  private static func said(_ sidecar: SimulatedSidecar) throws -> [[Int64]] {
    try sidecar.published(to: Topic.results).map { body in
      let data = try ReadJSON.data(body)
      return [try #require(data["revisions_since"] as? Int64), try #require(data["revision"] as? Int64)]
    }
  }

  @Test("A result says since which revision it stands, over a lost publish, a restart and two processes")
  func byHand() async throws {
    let first = Stand()
    _ = await first.deliver([Self.event(1)])
    _ = await first.deliver([Self.event(2)])
    #expect(try Self.said(first.sidecar) == [[0, 1], [1, 2]])

    // Revision 3 is saved, and nobody hears of it.
    first.sidecar.always(Self.brokerDown) { $0.publishes(to: Topic.results) }
    #expect(await first.deliver([Self.event(3)]) == ["0": "RETRY"])
    first.sidecar.recover()
    // Another process knows of no publish: what the document says of revision 3 holds for 4 too.
    let second = Stand(sidecar: first.sidecar, seed: 2)
    _ = await second.deliver([Self.event(4)])
    _ = await second.deliver([Self.event(5)])
    #expect(try Self.said(first.sidecar).suffix(2) == [[2, 4], [4, 5]])

    // The first process saw 2 published and not 5; from its own 6 on it knows.
    _ = await first.deliver([Self.event(6)])
    _ = await first.deliver([Self.event(7)])
    #expect(try Self.said(first.sidecar).suffix(2) == [[4, 6], [6, 7]])

    // A lost answer does not count as a publish, even if it took effect.
    first.sidecar.once(.answerLost(.timedOut)) { $0.publishes(to: Topic.results) }
    #expect(await first.deliver([Self.event(8)]) == ["0": "RETRY"])
    _ = await first.deliver([Self.event(9)])
    #expect(try Self.said(first.sidecar).suffix(2) == [[7, 8], [7, 9]])
    // An event that changes nothing publishes the same again.
    _ = await first.deliver([Self.event(9)])
    #expect(try Self.said(first.sidecar).suffix(2) == [[7, 9], [7, 9]])
  }

  @Test("A result of a new life stands since revision 0")
  func newLife() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    for day in 1...3 { _ = await stand.deliver([Self.event(day)]) }
    #expect(await stand.ask("DELETE", "/student/s-1", "", [Bearer.header(try Bearer.token("a-1", "admin"))]).status == 200)
    stand.clock.step(3_600_000)
    let event = Wrapped.cloudEvent(Wrapped.exercise("e-new", at: "2026-03-15T12:30:00Z"), time: stand.clock.now.iso8601)
    #expect(await stand.deliver(Array(event.utf8)) == ["": "SUCCESS"])
    #expect(try Self.said(stand.sidecar).last == [0, 1])
  }

  @Test("Results cover every revision, whatever is lost, restarted or done by two processes", arguments: 0..<30 as Range<UInt64>)
  func noneUnseen(seed: UInt64) async throws {
    let random = SeededGenerator(seed: seed)
    let sidecar = SimulatedSidecar()
    var processes = [Stand(sidecar: sidecar, seed: seed), Stand(sidecar: sidecar, seed: seed + 100)]
    for day in 1...14 {
      let process = random.draw(0..<2)
      if random.once(in: 5) { processes[process] = Stand(sidecar: sidecar, seed: seed + UInt64(200 + day)) }
      switch random.draw(0..<4) {
      case 0: sidecar.once(Self.brokerDown) { $0.publishes(to: Topic.results) }
      case 1: sidecar.once(.answerLost(.timedOut)) { $0.publishes(to: Topic.results) }
      default: sidecar.recover()
      }
      _ = await processes[process].deliver([Self.event(day)])
    }
    sidecar.recover()
    _ = await processes[0].deliver([Self.event(14)])
    let said = try Self.said(sidecar)
    let seen = Set(said.flatMap { Array($0[0] + 1...$0[1]) })
    #expect(seen == Set(1...14), "seed \(seed): \(said)")
    // A result never claims to follow an unpublished one.
    let published = Set(said.map { $0[1] })
    #expect(said.allSatisfy { $0[0] == 0 || published.contains($0[0]) }, "seed \(seed): \(said)")
  }
}
