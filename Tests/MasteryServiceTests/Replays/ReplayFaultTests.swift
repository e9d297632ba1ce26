import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("Replaying dead letters while something fails, or others are at it")
struct ReplayFaultTests {
  private static func isOfLetters(_ call: SidecarCall) -> Bool {
    if case .save(let items) = call { items.contains { $0.key.contains("dlq:") } } else { false }
  }

  /// A student with one refused event, whose letter is kept.
  private func stand(_ school: String? = nil) async -> Stand {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1", school: school)])
    return stand
  }

  private func order(_ name: String, school: String? = nil) throws -> KeptDeadLetters.Order {
    var order = KeptDeadLetters.Order(by: name)
    order.repaired = [try RepairedEvent(text: Faulty.repaired("e-1", school: school))]
    return order
  }

  @Test(
    "A crash between publishing and marking leaves a letter that is replayed again, and the event counts once", arguments: Outage.allCases)
  func unmarked(_ outage: Outage) async throws {
    let stand = await stand()
    let waiting = try await stand.waiting()
    stand.sidecar.always(.failed(outage.failure), where: Self.isOfLetters)
    let first = await stand.letters.replay(waiting, try order("ada"))
    #expect(first.map(\.fate) == [.unknown] && !first[0].isMarked)
    // However often it tries to mark the letter, it publishes the event once.
    #expect(stand.sidecar.published(to: Topic.retry).count == 1)
    stand.sidecar.recover()
    #expect(try await stand.waiting() == waiting)
    let second = await stand.letters.replay(waiting, try order("ada"))
    #expect(second.map(\.fate) == [.unknown] && second[0].isMarked)
    await stand.retry()
    #expect(stand.sidecar.published(to: Topic.retry).count == 2)
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
    #expect(await stand.letters.followed(second, for: 0).map(\.fate) == [.folded])
    #expect(try await stand.waiting().isEmpty)
  }

  @Test("A save that took effect although it seemed to fail is known for what it was")
  func lostAnswer() async throws {
    let stand = await stand()
    stand.sidecar.once(.answerLost(.broken("reset by peer")), where: Self.isOfLetters)
    let replayed = await stand.letters.replay(try await stand.waiting(), try order("ada"))
    #expect(replayed.map(\.fate) == [.unknown] && replayed[0].isMarked && stand.sidecar.published(to: Topic.retry).count == 1)
    #expect(try await stand.kept().map(\.replayed?.by) == ["ada"])
  }

  @Test("Two operators at once may publish an event twice, and it counts once")
  func together() async throws {
    let stand = await stand()
    let waiting = try await stand.waiting()
    let once = Once()
    let other = Mutex<[ReplayedDeadLetter]>([])
    let order = try order("bob")
    // When the first one is about to mark the letter, the second one replays it completely.
    stand.sidecar.play { call in
      guard Self.isOfLetters(call), once() else { return .done }
      let replayed = await stand.letters.replay(waiting, order)
      other.withLock { $0 = replayed }
      return .done
    }
    let replayed = await stand.letters.replay(waiting, try self.order("ada"))
    #expect(replayed.map(\.fate) == [.unknown] && replayed[0].isMarked)
    #expect(other.withLock { $0.map(\.fate) } == [.unknown])
    #expect(try await stand.kept().map(\.replayed?.by) == ["bob"])
    await stand.retry()
    #expect(try stand.document(of: "s-1").ledger.revision == 1 && stand.sidecar.published(to: Topic.retry).count == 2)
    // Whoever comes after both of them publishes nothing.
    #expect(try await stand.replay(waiting, [Faulty.repaired("e-1")]).map(\.fate.word) == ["replayed_before"])
  }

  @Test("What the broker does not take is not marked, and the rest is", arguments: [nil, "s-1"])
  func broker(_ spared: String?) async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1"), Faulty.exercise("e-2", of: "s-2")])
    let fate: Fate = spared.map { .partly(without: [$0]) } ?? .failed(.unreachable("connection refused"))
    stand.sidecar.always(fate) { $0.publishes(to: Topic.retry) }
    let repaired = [Faulty.repaired("e-1"), Faulty.repaired("e-2", of: "s-2")]
    let fates = Dictionary(
      uniqueKeysWithValues: try await stand.replay(try await stand.waiting(), repaired).map { ($0.letter.id, $0.fate.word) })
    #expect(fates == ["e-1": "unpublished", "e-2": spared == nil ? "unpublished" : "folded"])
    stand.sidecar.recover()
    #expect(Set(try await stand.waiting().map(\.id)) == (spared == nil ? ["e-1", "e-2"] : ["e-1"]))
  }

  // MARK: Erasure and consent

  private func erase(_ stand: Stand) async throws {
    let token = Bearer.header(try Bearer.token("root", "admin", school: "north", at: stand.clock.now.milliseconds))
    #expect(await stand.ask("DELETE", "/student/s-1", "", [token]).status == 200)
  }

  private func traces(_ stand: Stand) -> [String] {
    stand.sidecar.keys.filter { String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self).contains("e-1") }
  }

  @Test("The letter of a student who was erased is gone, and a replay that found it before publishes nothing")
  func erasedBefore() async throws {
    let stand = await stand("north")
    let waiting = try await stand.waiting()
    try await erase(stand)
    #expect(try await stand.replay(waiting, [Faulty.repaired("e-1", school: "north")]).map(\.fate) == [.gone])
    #expect(stand.sidecar.published(to: Topic.retry).isEmpty && traces(stand).isEmpty)
  }

  @Test("An event that was replayed before its student was erased stays forgotten when it comes in after that")
  func erasedMeanwhile() async throws {
    let stand = await stand("north")
    let replayed = await stand.letters.replay(try await stand.waiting(), try order("ada", school: "north"))
    try await erase(stand)
    await stand.retry()
    #expect(try stand.document(of: "s-1", school: "north").isTombstone && traces(stand).isEmpty)
    #expect(await stand.letters.followed(replayed, for: 0).map(\.fate) == [.forgotten])
  }

  @Test("A letter that an erasure removes while it is being marked does not come back")
  func erasedAtOnce() async throws {
    let stand = await stand("north")
    let waiting = try await stand.waiting()
    let once = Once()
    stand.sidecar.play { call in
      guard Self.isOfLetters(call), once() else { return .done }
      try? await erase(stand)
      return .done
    }
    let replayed = await stand.letters.replay(waiting, try order("ada", school: "north"))
    #expect(replayed.map(\.fate) == [.unknown] && !replayed[0].isMarked)
    await stand.retry()
    #expect(traces(stand).isEmpty)
    #expect(await stand.letters.followed(replayed, for: 0).map(\.fate) == [.forgotten])
  }

  @Test("An event of a student who withdrew consent is left out, and said to be")
  func withdrawn() async throws {
    let stand = await stand("north")
    let waiting = try await stand.waiting()
    let token = Bearer.header(try Bearer.token("s-1", "student", school: "north", at: stand.clock.now.milliseconds))
    #expect(await stand.ask("PUT", "/student/s-1/consent", #"{"granted":false}"#, [token]).status == 200)
    let replayed = try await stand.replay(waiting, [Faulty.repaired("e-1", school: "north")])
    #expect(replayed.map(\.fate) == [.forgotten])
    #expect(try stand.document(of: "s-1", school: "north").evidence.isEmpty)
  }

  // MARK: Everything together

  /// What may happen next to the students of a world.
  private enum Step: CaseIterable {
    case bury, replay, replayFails, deliverAgain, erase, withdraw
  }

  @Test(
    "Whatever happens in whatever order, each replayed event counts once, nothing of an erased life comes back, and no good letter is lost",
    arguments: 1...60)
  func anyOrder(seed: UInt64) async throws {
    let random = SeededGenerator(seed: seed)
    let stand = Stand.production(seed: seed) { $0.limitsRates = false }
    let students = ["s-1", "s-2"]
    /// The ids of events that count if they come in, by student, and of those that must not any more.
    var (good, forgotten): ([String: [String]], Set<String>) = ([:], [])
    var number = 0
    for _ in 0..<random.draw(6..<24) {
      let student = students[random.draw(0..<students.count)]
      stand.sidecar.recover()
      switch Step.allCases[random.draw(0..<Step.allCases.count - (random.once(in: 2) ? 2 : 0))] {
      case .bury:
        number += 1
        let time = stand.clock.now.iso8601
        await stand.bury([Faulty.exercise("e-\(number)", of: student, school: "north", at: time)])
        // Nothing is kept of a student who is erased, before a new life begins with an event that is in order.
        if try isErased(student, in: stand) {
          forgotten.insert("e-\(number)")
        } else {
          good[student, default: []].append("e-\(number)")
        }
      case .replay: try await replay(stand, students)
      case .replayFails:
        let (fails, chance) = (random.draw(1..<4), random.draw(0..<3))
        stand.sidecar.play { call in
          guard call.publishes(to: Topic.retry) || Self.isOfLetters(call), random.once(in: fails) else { return .done }
          return chance == 0 ? .failed(.timedOut) : chance == 1 ? .answerLost(.broken("reset by peer")) : .failed(.unreachable("refused"))
        }
        try await replay(stand, students)
        stand.sidecar.recover()
      case .deliverAgain: await stand.retry(from: max(0, stand.sidecar.published(to: Topic.retry).count - random.draw(1..<6)))
      case .erase:
        let token = Bearer.header(try Bearer.token("root", "admin", school: "north", at: stand.clock.now.milliseconds))
        #expect(await stand.ask("DELETE", "/student/\(student)", "", [token]).status == 200)
        forgotten.formUnion(good[student] ?? [])
        good[student] = []
        // An erasure forgets what happens within five minutes after it, since clocks differ.
        stand.clock.step(301_000)
      case .withdraw:
        let token = Bearer.header(try Bearer.token(student, "student", school: "north", at: stand.clock.now.milliseconds))
        for granted in [false, true] {
          #expect(await stand.ask("PUT", "/student/\(student)/consent", #"{"granted":\#(granted)}"#, [token]).status == 200)
        }
      }
    }
    stand.sidecar.recover()
    try await replay(stand, students)
    await stand.retry()
    for student in students {
      let document = try document(of: student, in: stand)
      let own = good[student] ?? []
      // Each event of a day replaces the ones before; the last one that was good is what counts.
      let standing = document?.evidence.topics.flatMap(\.days).compactMap { $0.latest.completion?.event.text } ?? []
      #expect(standing.last == own.last, "seed \(seed)")
      #expect((document?.ledger.lastRevision?.causedBy ?? []).count <= own.count)
    }
    let kept = stand.sidecar.keys.map { String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self) }
    for event in forgotten { #expect(!kept.contains { $0.contains("\"\(event)\"") || $0.contains("\\\"\(event)\\\"") }, "seed \(seed)") }
    #expect(try await stand.waiting().isEmpty, "seed \(seed)")
  }

  private func document(of student: String, in stand: Stand) throws -> StudentDocument? {
    guard let stored = stand.sidecar.stored(try Stand.key(student, school: "north").documentKey) else { return nil }
    return try StoredDocument.read(stored.value, of: Stand.key(student, school: "north"))
  }

  private func isErased(_ student: String, in stand: Stand) throws -> Bool { try document(of: student, in: stand)?.isTombstone ?? false }

  /// Replays all letters with what was mended, as far as the broker takes it, and delivers what was published.
  private func replay(_ stand: Stand, _ students: [String]) async throws {
    let waiting = try await stand.waiting(.school(SchoolID("north")))
    let repaired = try waiting.map { letter in
      Faulty.repaired(
        letter.id, of: try #require(letter.owner).student.text, school: "north", at: try #require(letter.happenedAt).iso8601)
    }
    _ = try await stand.replay(waiting, repaired)
  }
}
