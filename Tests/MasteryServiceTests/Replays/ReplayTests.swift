import DaprClient
import Foundation
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Dead letters that are replayed")
struct ReplayTests {
  private func unreadable(_ stand: Stand, _ student: String = "s-1", school: String? = nil) throws {
    stand.sidecar.put(Array("no document".utf8), at: try Stand.key(student, school: school).documentKey)
  }

  private func repair(_ stand: Stand, _ student: String = "s-1") async throws {
    try await stand.sidecar.delete(try Stand.key(student).documentKey, etag: nil, context: CallContext())
  }

  @Test("A refused event is replayed once with what was mended, and is then in the student's document under its own id and time")
  func repaired() async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1"), Faulty.exercise("e-2", of: "s-2")])
    let waiting = try await stand.waiting()
    #expect(Set(waiting.map(\.id)) == ["e-1", "e-2"] && waiting.allSatisfy { $0.retries == 0 && $0.replayed == nil })
    let replayed = try await stand.replay(waiting.filter { $0.id == "e-1" }, [Faulty.repaired("e-1")])
    #expect(replayed.map(\.fate) == [.folded] && replayed[0].isMarked)
    #expect(stand.sidecar.published(to: Topic.retry).count == 1)
    // 8 of 10 exercises: 0.8 (the Contract article, "Scores").
    let evidence = try #require(try stand.document(of: "s-1").evidence.topics.first?.days.first?.latest.completion)
    #expect(evidence.event.text == "e-1" && evidence.timestamp.iso8601 == "2026-03-10T08:00:00Z" && evidence.score.value == 0.8)
    // The letter stays, marked with who and when, and is not replayed again.
    let letter = try #require(try await stand.kept().first { $0.id == "e-1" })
    #expect(letter.replayed == KeptDeadLetter.Replayed(at: letter.failedAt.adding(milliseconds: 1_000), by: "ada", isRepaired: true))
    #expect(try await stand.waiting().map(\.id) == ["e-2"])
    let again = try await stand.replay([letter], [Faulty.repaired("e-1")], by: "bob")
    #expect(again.map(\.fate) == [.replayedBefore(try #require(letter.replayed))] && stand.sidecar.published(to: Topic.retry).count == 1)
    #expect(try await stand.letters.outcome(of: letter) == .folded)
  }

  @Test("A good event is replayed as it is once its student's document can be read again")
  func unrepaired() async throws {
    let stand = Stand.production()
    try unreadable(stand)
    await stand.bury([Wrapped.exercise("e-1")])
    let waiting = try await stand.waiting()
    #expect(waiting.map(\.cause.errorType) == ["processing_error"] && waiting.map(\.cause.rule) == ["the stored document cannot be read"])
    // While nothing is mended, it fails again, and says so by its count.
    let first = try await stand.replay(waiting)
    guard case .refused(let why) = first[0].fate else { throw Unexpected(first[0].fate) }
    #expect(why.hasPrefix("the stored document cannot be read"))
    let second = try await stand.waiting()
    #expect(second.map(\.id) == ["e-1"] && second.map(\.retries) == [1])
    #expect(try await stand.letters.outcome(of: try #require(try await stand.kept().last)) == first[0].fate)
    try await repair(stand)
    #expect(try await stand.replay(second).map(\.fate) == [.folded])
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
    #expect(try await stand.waiting().isEmpty)
  }

  @Test("An event whose id and time are only in its envelope is replayed as the same event")
  func envelope() async throws {
    let stand = Stand.production()
    try unreadable(stand)
    let bare = #"{"event_type":"exercise.completed","student_id":"s-1","data":{"total_exercises":10,"completed_exercises":8}}"#
    let bulk = Wrapped.bulk([("0", Wrapped.cloudEvent(bare, id: "ce-7", time: "2026-03-11T09:30:00.250Z"))])
    #expect(await stand.deliver(Array(bulk.utf8)) == ["0": "SUCCESS"])
    #expect(await stand.redeliver(Topic.deadLetters) == ["SUCCESS"])
    try await repair(stand)
    stand.clock.step(3 * 86_400_000)
    #expect(try await stand.replay(try await stand.waiting()).map(\.fate) == [.folded])
    let evidence = try #require(try stand.document(of: "s-1").evidence.topics.first?.days.first?.latest.completion)
    #expect(evidence.event.text == "ce-7" && evidence.timestamp.iso8601 == "2026-03-11T09:30:00.250Z")
  }

  @Test("A dry run publishes and marks nothing, and tells what cannot be replayed as it is")
  func dryRun() async throws {
    let stand = Stand.production()
    try unreadable(stand, "s-2")
    await stand.bury([Faulty.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")])
    var order = KeptDeadLetters.Order(by: "ada")
    order.isDryRun = true
    let before = stand.sidecar.keys.map { stand.sidecar.stored($0) }
    let replayed = await stand.letters.replay(try await stand.waiting(), order)
    let fates = Dictionary(uniqueKeysWithValues: replayed.map { ($0.letter.id, $0.fate) })
    #expect(fates["e-2"] == .ready)
    // The rule of the Contract article, "Scores": completed is at most total.
    guard case .unreplayable(let why)? = fates["e-1"] else { throw Unexpected(fates) }
    #expect(why.contains("completed_exercises") && why.contains("got 12"))
    #expect(stand.sidecar.keys.map { stand.sidecar.stored($0) } == before && stand.sidecar.published(to: Topic.retry).isEmpty)
  }

  @Test("A letter that holds only the first bytes of its event can be replayed with the repaired event only")
  func cut() async throws {
    let stand = Stand.production()
    let large = Faulty.repaired("e-1").dropLast() + #","note":"\#(String(repeating: "n", count: 70_000))"}"#
    await stand.bury([String(large)])
    let waiting = try await stand.waiting()
    #expect(waiting.map(\.isWhole) == [false] && waiting.map(\.length) == [large.utf8.count])
    let fates = try await stand.replay(waiting).map(\.fate)
    guard case .unreplayable(let why)? = fates.first else { throw Unexpected(fates) }
    #expect(why.contains("only the first bytes of \(large.utf8.count) are kept"))
    #expect(try await stand.replay(waiting, [Faulty.repaired("e-1")]).map(\.fate) == [.folded])
  }

  @Test(
    "A repaired event has to be the event of its letter, and to keep the rules",
    arguments: [
      (Faulty.repaired("e-1", of: "s-2"), "student_id must be that of the dead letter, s-1, got s-2"),
      (Faulty.repaired("e-1", school: "south"), "school_id must be that of the dead letter, north, got south"),
      (Faulty.repaired("e-1"), "school_id must be that of the dead letter, north, got none"),
      (
        Faulty.repaired("e-1", school: "north", at: "2026-03-11T08:00:00Z"),
        "timestamp must be that of the dead letter, 2026-03-10T08:00:00Z, got 2026-03-11T08:00:00Z"
      ),
      (Faulty.exercise("e-1", school: "north"), "completed_exercises"),
      (Faulty.repaired("e-1", school: "north").replacing("exercise.completed", with: "exercise"), "event_type is unknown"),
    ])
  func others(event: String, why: String) async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1", school: "north")])
    let fates = try await stand.replay(try await stand.waiting(), [event]).map(\.fate)
    guard case .unreplayable(let reason)? = fates.first else { throw Unexpected(fates) }
    #expect(reason.contains(why))
    #expect(stand.sidecar.published(to: Topic.retry).isEmpty)
    #expect(try await stand.waiting().count == 1)
  }

  @Test("A repaired event may be given as its letter is shown, with the event mended in place, and its id need not stand in it twice")
  func shown() async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1")])
    let waiting = try await stand.waiting()
    var shown: [String] = []
    try await stand.letters.read(waiting) { shown.append(String(decoding: $1, as: UTF8.self)) }
    let mended = shown[0].replacing(#""completed_exercises":12"#, with: #""completed_exercises":8"#)
    #expect(mended != shown[0])
    // As it is shown it is the letter; what is mended inside its payload's text does not count.
    let unmended = try await stand.replay(waiting, [shown[0]]).map(\.fate)
    guard case .unreplayable? = unmended.first else { throw Unexpected(unmended) }
    #expect(try await stand.replay(waiting, [mended]).map(\.fate) == [.folded])
  }

  @Test("A time in the future may be mended, but not to one after the failure")
  func future() async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.repaired("e-1", at: "2027-03-10T08:00:00Z")])
    let waiting = try await stand.waiting()
    #expect(waiting.map(\.happenedAt?.iso8601) == ["2027-03-10T08:00:00Z"])
    stand.clock.step(3_600_000)
    let late = try await stand.replay(waiting, [Faulty.repaired("e-1", at: "2026-03-15T12:30:00Z")]).map(\.fate)
    guard case .unreplayable(let why)? = late.first else { throw Unexpected(late) }
    #expect(why.contains("timestamp must be at most that of the failure"))
    #expect(try await stand.replay(waiting, [Faulty.repaired("e-1", at: "2026-03-10T08:00:00Z")]).map(\.fate) == [.folded])
  }

  @Test("An event and its correction are two letters of one id, and each is replayed with its own content")
  func corrections() async throws {
    let stand = Stand.production()
    try unreadable(stand)
    let corrected = Wrapped.exercise("e-1", completed: 6).replacing(#""student_id""#, with: #""correction":1,"student_id""#)
    await stand.bury([Wrapped.exercise("e-1")])
    await stand.bury([corrected])
    try await repair(stand)
    let waiting = try await stand.waiting()
    #expect(waiting.map(\.id) == ["e-1", "e-1"])
    // A repaired event that names only the id is for the letter that failed last.
    let replayed = try await stand.replay(waiting, [corrected])
    #expect(replayed[0].fate == .folded)
    guard case .unreplayable = replayed[1].fate else { throw Unexpected(replayed[1].fate) }
    #expect(try await stand.replay([waiting[1]]).map(\.fate) == [.folded])
    #expect(try stand.document(of: "s-1").evidence.topics.first?.days.first?.latest.completion?.score.value == 0.6)
  }

  @Test("What became of events that nobody has taken in yet is not known, and said so")
  func unknown() async throws {
    let stand = Stand.production()
    try unreadable(stand)
    await stand.bury([Wrapped.exercise("e-1")])
    try await repair(stand)
    let began = stand.clock.now
    let published = await stand.letters.replay(try await stand.waiting(), KeptDeadLetters.Order(by: "ada"))
    let followed = await stand.letters.followed(published, for: 30_000)
    #expect(followed.map(\.fate) == [.unknown] && followed[0].isMarked)
    #expect(stand.clock.now.milliseconds - began.milliseconds == 30_000)
    // The engine takes it in while somebody waits.
    stand.sidecar.play { call in
      if case .load(let keys) = call, keys.contains(where: { $0.hasSuffix("current_mastery") }) { await Task.yield() }
      return .done
    }
    await stand.retry()
    #expect(await stand.letters.followed(followed, for: 30_000).map(\.fate) == [.folded])
  }

  @Test("A document that lacks the event, and a failure of the event that is no replay's, do not settle what became of it")
  func unsettled() async throws {
    let stand = Stand.production()
    #expect(await stand.deliver([Wrapped.exercise("e-0", at: "2026-03-09T08:00:00Z")]) == ["0": "SUCCESS"])
    await stand.bury([Faulty.exercise("e-1")])
    var order = KeptDeadLetters.Order(by: "ada")
    order.repaired = [try RepairedEvent(text: Faulty.repaired("e-1"))]
    let published = await stand.letters.replay(try await stand.waiting(), order)
    // Meanwhile its producer sends the same faulty event again.
    stand.clock.step(1_000)
    await stand.bury([Faulty.exercise("e-1")])
    #expect(await stand.letters.followed(published, for: 0).map(\.fate) == [.unknown])
    await stand.retry()
    #expect(await stand.letters.followed(published, for: 0).map(\.fate) == [.folded])
  }

  @Test("An event that waits for a later release is told apart from one of which nothing is known")
  func deferred() async throws {
    let stand = Stand.production()
    try unreadable(stand)
    await stand.bury([Wrapped.exercise("e-1")])
    stand.sidecar.put(Array(#"{"schema":9}"#.utf8), at: try Stand.key("s-1").documentKey)
    #expect(try await stand.replay(try await stand.waiting()).map(\.fate) == [.deferred("a later release wrote the student's document")])
  }
}

/// A value that a test did not expect.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ value: some Any) {
    description = "\(value)"
  }
}
