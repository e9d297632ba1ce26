import DaprClient
import Foundation
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Kept dead letters that are looked at")
struct KeptLetterTests {
  @Test("All schools' letters are found, those of no school and of nobody too, and each school finds its own only")
  func scopes() async throws {
    let stand = Stand.production()
    await stand.bury([
      Faulty.exercise("e-1", school: "north"), Faulty.exercise("e-2", school: "south"), Faulty.exercise("e-3"),
      Faulty.exercise("e-4").replacing(#""student_id":"s-1""#, with: #""student_id":"s 1""#),
    ])
    #expect(Set(try await stand.waiting().map(\.id)) == ["e-1", "e-2", "e-3", "e-4"])
    #expect(try await stand.waiting(.school(SchoolID("north"))).map(\.id) == ["e-1"])
    #expect(try await stand.waiting(.school(SchoolID("south"))).map(\.id) == ["e-2"])
    #expect(try await stand.waiting(.school(nil)).map(\.id) == ["e-3"])
    #expect(try await stand.waiting(.unowned).map(\.id) == ["e-4"])
    #expect(try await stand.waiting(.school(SchoolID("nor"))).isEmpty)
    stand.clock.step(30 * 86_400_000)
    #expect(try await stand.waiting().isEmpty)
  }

  @Test("A letter that lies in another school's list by mistake is not shown to that school")
  func misplaced() async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1", school: "north")])
    let key = try #require(stand.sidecar.keys.first { $0.hasPrefix("school:north:dlq:") })
    let south = key.replacing("school:north:", with: "school:south:")
    stand.sidecar.put(try #require(stand.sidecar.stored(key)).value, at: south)
    #expect(try await stand.waiting(.school(SchoolID("south"))).isEmpty)
  }

  @Test("A school is noted once for many letters, again after a day, and a letter waits for its note")
  func schools() async throws {
    let stand = Stand.production()
    func notes() -> Int {
      stand.sidecar.calls.count { call in
        if case .save(let items) = call { items.contains { $0.key == "dlq:schools" } } else { false }
      }
    }
    for number in 0..<5 { await stand.bury([Faulty.exercise("e-\(number)", school: "north")]) }
    await stand.bury([Faulty.exercise("e-5", school: "south"), Faulty.exercise("e-6", school: "north")])
    #expect(notes() == 2)
    stand.clock.step(86_400_000)
    await stand.bury([Faulty.exercise("e-7", school: "north")])
    #expect(notes() == 3 && stand.sidecar.stored("dlq:schools")?.secondsToLive == 32 * 86_400)
    #expect(try await stand.waiting().count == 8)
    // No letter may stand where nobody would find it.
    stand.sidecar.always(.failed(.timedOut)) { call in
      if case .save(let items) = call { items.contains { $0.key == "dlq:schools" } } else { false }
    }
    #expect(await stand.deliver([Faulty.exercise("e-8", school: "west")]).values.allSatisfy { $0 == "SUCCESS" })
    let letter = try #require(stand.sidecar.published(to: Topic.deadLetters).last)
    #expect(await stand.deliver(letter, to: Topic.deadLetters) == ["": "RETRY"])
    #expect(!stand.sidecar.keys.contains { $0.hasPrefix("school:west:") })
    stand.sidecar.recover()
    #expect(await stand.deliver(letter, to: Topic.deadLetters) == ["": "SUCCESS"])
    #expect(try await stand.waiting().count == 9)
  }

  @Test("Two replicas that note schools at the same time lose none")
  func schoolsTogether() async throws {
    let sidecar = SimulatedSidecar()
    let stands = [Stand.production(sidecar: sidecar), Stand.production(sidecar: sidecar)]
    await withTaskGroup(of: Void.self) { group in
      for (number, stand) in stands.enumerated() {
        group.addTask {
          for school in 0..<8 { await stand.bury([Faulty.exercise("e-\(number)-\(school)", school: "school-\(number)-\(school)")]) }
        }
      }
    }
    #expect(try await stands[0].waiting().count == 16)
  }

  @Test("An event and its correction that fail at the same moment are two letters, and a repetition of one of them is none")
  func corrections() async throws {
    let stand = Stand.production()
    let corrected = Faulty.exercise("e-1").replacing(#""student_id""#, with: #""correction":1,"student_id""#)
    await stand.bury([Faulty.exercise("e-1"), corrected, Faulty.exercise("e-1")])
    #expect(try await stand.waiting().map(\.id) == ["e-1", "e-1"])
    _ = await stand.redeliver(Topic.deadLetters)
    #expect(try await stand.waiting().count == 2)
  }

  @Test("Letters are found, shown, marked and replayed in whichever piece of their list they are")
  func pieces() async throws {
    let stand = Stand.production()
    let filler = #","note":"\#(String(repeating: "n", count: 20_000))"}"#
    for number in 0..<12 { await stand.bury([String(Faulty.exercise("e-\(number)").dropLast()) + filler]) }
    #expect(stand.sidecar.keys.filter { $0.hasPrefix("dlq:") && $0 != "dlq:schools" }.count > 4)
    let waiting = try await stand.waiting()
    // The latest failure comes first.
    #expect(waiting.map(\.id) == (0..<12).reversed().map { "e-\($0)" })
    var shown: Set<String> = []
    try await stand.letters.read(waiting) { letter, text in
      shown.insert(letter.id)
      #expect(String(decoding: text, as: UTF8.self).contains(#""event":{"event_id":"\#(letter.id)""#))
    }
    #expect(shown.count == 12)
    let days = (0..<12).map { String(format: "2026-03-%02dT08:00:00Z", 1 + $0) }
    let replayed = try await stand.replay(waiting, days.indices.map { Faulty.repaired("e-\($0)") })
    #expect(replayed.allSatisfy { $0.fate == .folded && $0.isMarked } && replayed.map(\.letter.id) == waiting.map(\.id))
    #expect(stand.sidecar.published(to: Topic.retry).count == 12)
    #expect(try await stand.waiting().isEmpty)
    #expect(try await stand.kept().count == 12)
    for key in stand.sidecar.keys { #expect(stand.sidecar.stored(key).map { $0.value.count < 256 << 10 } ?? false, "\(key)") }
  }

  @Test(
    "A message loses the values of a single event, and nothing else",
    arguments: [
      (
        "validation_error", "data.completed_exercises must be a whole number from 0 to 10, got 12",
        "data.completed_exercises must be a whole number from 0 to 10"
      ),
      ("validation_error", #"event_type is unknown; known are a, b; got "x, got y""#, "event_type is unknown; known are a, b"),
      (
        "validation_error", "timestamp is required: neither the event nor its delivery has a time",
        "timestamp is required: neither the event nor its delivery has a time"
      ),
      (
        "processing_error", "the document must have at most 1048576 bytes, got 1048577; tried 6 times",
        "the document must have at most 1048576 bytes"
      ),
      ("processing_error", "the stored document cannot be read: at s-1", "the stored document cannot be read"),
      ("processing_error", "others were faster; tried 6 times", "others were faster"),
    ])
  func rules(type: String, message: String, rule: String) {
    let cause = FailureCause(errorType: type, message: message, eventType: "quiz", topic: "learning.quiz")
    #expect(cause.rule == rule)
    #expect(cause.id.count == 12 && cause.id != FailureCause(errorType: type, message: message, eventType: "quiz", topic: "other").id)
  }

  @Test("Letters are grouped by cause, the largest group first, and chosen by any of their properties")
  func groups() async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1"), Faulty.exercise("e-2", of: "s-2").replacing(":12", with: ":13")])
    await stand.bury([Faulty.exercise("e-3").replacing("exercise.completed", with: "exercise.gone")])
    let waiting = try await stand.waiting()
    let groups = DeadLetterGroup.groups(of: waiting)
    #expect(
      groups.map(\.count) == [2, 1] && groups.map(\.replayed) == [0, 0]
        && groups.map(\.cause.eventType) == ["exercise.completed", "exercise.gone"])
    #expect(groups[0].first == groups[0].last && groups[1].first.milliseconds - groups[0].last.milliseconds == 1_000)
    func chosen(_ change: (inout DeadLetterFilter) -> Void) async throws -> Set<String> {
      var filter = DeadLetterFilter()
      change(&filter)
      return Set(try await stand.letters.found(filter, of: .all).letters.map(\.id))
    }
    #expect(try await chosen { $0.cause = groups[0].cause.id } == ["e-1", "e-2"])
    #expect(try await chosen { $0.events = ["e-3", "e-9"] } == ["e-3"])
    #expect(try await chosen { $0.student = StudentID("s-2") } == ["e-2"])
    #expect(try await chosen { $0.eventType = "exercise.gone" } == ["e-3"])
    #expect(try await chosen { $0.from = groups[1].first } == ["e-3"])
    #expect(try await chosen { $0.from = groups[1].first.adding(milliseconds: 1) }.isEmpty)
    _ = try await stand.replay(waiting.filter { $0.id == "e-1" }, [Faulty.repaired("e-1")])
    #expect(try await chosen { _ in } == ["e-2", "e-3"])
    #expect(try await chosen { $0.includesReplayed = true } == ["e-1", "e-2", "e-3"])
    #expect(DeadLetterGroup.groups(of: try await stand.kept()).map(\.replayed) == [1, 0])
  }

  @Test("A list that a later release wrote, or that is damaged, shows nothing and is left as it is")
  func damaged() async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1")])
    let waiting = try await stand.waiting()
    let key = try #require(stand.sidecar.keys.first { $0.hasPrefix("dlq:") })
    for value in [#"{"schema":9,"records":[]}"#, "no document"] {
      stand.sidecar.put(Array(value.utf8), at: key)
      #expect(try await stand.waiting().isEmpty)
      #expect(try await stand.replay(waiting, [Faulty.repaired("e-1")]).map(\.fate) == [.gone])
      #expect(stand.sidecar.stored(key)?.value == Array(value.utf8))
    }
  }

  @Test("Whoever asks while the store does not answer is told so", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = Stand.production()
    await stand.bury([Faulty.exercise("e-1")])
    let waiting = try await stand.waiting()
    stand.sidecar.cannotRead(outage)
    await #expect(throws: SidecarFailure.self) { try await stand.waiting() }
    let fates = try await stand.replay(waiting, [Faulty.repaired("e-1")]).map(\.fate.word)
    #expect(fates == ["unpublished"] && stand.sidecar.published(to: Topic.retry).isEmpty)
  }
}
