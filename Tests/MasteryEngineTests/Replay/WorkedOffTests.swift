import MasteryCore
import MasteryService
import Synchronization
import Testing

@testable import Commands

@Suite("The end of a replay's wait")
struct WorkedOffTests {
  private let clock = SteppedClock("2026-11-21T10:00:00Z")
  private let said = Said()

  private final class Said: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  /// A wait that gets these looks, a quarter of a second apart, the last one for ever.
  private func wait(_ looks: [ReplayLook], hindrances: [String] = []) -> WorkedOff {
    let rest = Mutex(looks)
    let runtime = clock.runtime
    let said = said
    return WorkedOff(
      look: { published in
        await runtime.sleep(milliseconds: ReplayWatch.pause)
        var look = rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        look.published = published
        return look
      }, hindrances: { hindrances }, runtime: runtime, report: { said.add($0) })
  }

  private func left(_ left: Int?, isSure: Bool = true, retried: Int = 0) -> ReplayLook {
    ReplayLook(published: 0, left: left, isSure: isSure, retried: retried)
  }

  private var waited: Int { clock.pauses.reduce(0, +) }

  @Test("A replay's wait ends when nothing is left")
  func done() async {
    #expect(await wait([left(5), left(nil), left(3), left(0)]).waitForAll(published: 100) == .all)
    #expect(clock.pauses.count == 4 && said.all.isEmpty)
  }

  @Test("A minute without a change ends a replay's wait, with what was done, what is left and what holds it up")
  func stuck() async {
    let ending = await wait([left(9), left(7)], hindrances: ["http://a: the state store does not answer"]).waitForAll(published: 100)
    guard case .stuck(let why) = ending else {
      Issue.record("\(ending)")
      return
    }
    #expect(why.contains("93 of 100") && why.contains("the state store does not answer"))
    #expect((60_000...70_500).contains(waited))
    // It also reports so all the while.
    #expect((4...6).contains(said.all.count) && said.all.allSatisfy { $0.contains("the state store does not answer") })
  }

  @Test("An engine that keeps asking for its events again counts as making no progress")
  func retries() async {
    let looks = (0..<2_000).map { left(50, retried: $0) }
    guard case .stuck(let why) = await wait(looks).waitForAll(published: 100) else {
      Issue.record("it is not stuck")
      return
    }
    #expect(why.contains("once more"))
    #expect(waited < 80_000)
  }

  @Test("A replay keeps waiting while there is progress, however slow")
  func slow() async {
    let looks = (0...1_000).reversed().map { left($0 / 150) }
    #expect(await wait(looks).waitForAll(published: 100) == .all)
    #expect(waited > 200_000)
  }

  @Test("A replay does not wait for ever for an engine that reports nothing")
  func silent() async {
    guard case .stuck(let why) = await wait([left(nil)]).waitForAll(published: 100) else {
      Issue.record("it is not stuck")
      return
    }
    #expect(why.contains("100 events are published") && why.contains("--engines"))
  }

  @Test("Uncertain counts do not end a replay's wait by themselves: the replicas must be ready and idle for 20 s")
  func unsure() async {
    let looks = [left(10, isSure: false), left(0, isSure: false), left(3, isSure: false), left(2, isSure: false)]
    #expect(await wait(looks).waitForAll(published: 100) == .idle(counted: 98))
    #expect((20_000...31_500).contains(waited))
  }

  @Test("Replicas that are idle and not ready are stuck, and those that ask for events again are not idle")
  func notIdle() async {
    guard case .stuck = await wait([left(3, isSure: false)], hindrances: ["no store"]).waitForAll(published: 100) else {
      Issue.record("it is not stuck")
      return
    }
    let looks = (0..<2_000).map { left(50, isSure: false, retried: $0) }
    guard case .stuck = await wait(looks).waitForAll(published: 100) else {
      Issue.record("it is not stuck")
      return
    }
  }

  @Test("Publishing waits for room, but not if nothing is known, and goes on after ten seconds without progress")
  func room() async {
    let workedOff = wait([left(9), left(8), left(5)])
    await workedOff.waitForRoom(published: 10, most: 5)
    #expect(clock.pauses.count == 3)
    await wait([left(nil)]).waitForRoom(published: 10, most: 5)
    #expect(clock.pauses.count == 4 && said.all.isEmpty)

    let stuck = wait([left(9)], hindrances: ["the state store does not answer"])
    await stuck.waitForRoom(published: 10, most: 5)
    #expect((10_000...11_000).contains(waited - 1_000))
    #expect(said.all.count == 1 && said.all[0].contains("1 of 10") && said.all[0].contains("publishing goes on"))
    #expect(said.all[0].contains("the state store does not answer"))
  }

  @Test("After ten seconds without progress publishing does not wait again until there is progress")
  func goesOn() async {
    let told = Mutex(9)
    let (runtime, said) = (clock.runtime, said)
    let workedOff = WorkedOff(
      look: { published in
        await runtime.sleep(milliseconds: ReplayWatch.pause)
        return ReplayLook(published: published, left: published - told.withLock { $0 })
      }, hindrances: { [] }, runtime: runtime, report: { said.add($0) })
    await workedOff.waitForRoom(published: 20, most: 5)
    let first = clock.pauses.count
    for published in [30, 40, 50] { await workedOff.waitForRoom(published: published, most: 5) }
    #expect(clock.pauses.count == first + 3 && said.all.count == 1)
    told.withLock { $0 = 10 }
    await workedOff.waitForRoom(published: 60, most: 5)
    #expect(clock.pauses.count > first + 40 && said.all.count == 2)
  }

  @Test("A recent look saves another one if there is room for certain")
  func recent() async {
    let asked = Mutex(0)
    let workedOff = WorkedOff(
      look: { published in
        asked.withLock { $0 += 1 }
        return ReplayLook(published: published, left: 0)
      }, recent: { ReplayLook(published: 90, left: 3) }, hindrances: { [] }, runtime: clock.runtime, report: { _ in })
    await workedOff.waitForRoom(published: 100, most: 13)
    #expect(asked.withLock { $0 } == 0)
    await workedOff.waitForRoom(published: 101, most: 13)
    #expect(asked.withLock { $0 } == 1)
  }
}
