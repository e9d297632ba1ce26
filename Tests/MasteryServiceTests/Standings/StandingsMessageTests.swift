import DaprClient
import Foundation
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Messages for standings")
struct StandingsMessageTests {
  private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")

  private static func id(_ random: SeededGenerator, most: Int = 50) -> String {
    String((0..<random.draw(1..<most + 1)).map { _ in letters[random.draw(0..<letters.count)] })
  }

  private static func mastery(_ random: SeededGenerator) -> ShownMastery {
    var components = ComponentValues<Int>()
    for component in Component.allCases where !random.once(in: 3) { components[component] = random.draw(0..<1_001) }
    return ShownMastery(
      score: random.draw(0..<1_001), level: Level.allCases[random.draw(0..<Level.allCases.count)], components: components)
  }

  private static func update(_ random: SeededGenerator) throws -> StandingUpdate {
    let schools = [nil, SchoolID("north"), SchoolID("south")]
    let mastery = mastery(random)
    let cohorts = (0..<[0, 1, 1, 1, 2, 3][random.draw(0..<6)]).compactMap { _ in
      CohortID(id(random)).map { StandingUpdate.InCohort(cohort: $0, mastery: random.once(in: 2) ? mastery : Self.mastery(random)) }
    }
    let former = (0..<random.draw(0..<4)).compactMap { _ -> CohortID? in CohortID(id(random)) }
    return StandingUpdate(
      key: StudentKey(school: schools[random.draw(0..<3)], student: try #require(StudentID(id(random)))), cohorts: cohorts,
      formerCohorts: former.filter { name in !cohorts.contains { $0.cohort == name } },
      standing: Standing(
        version: DocumentVersion(epoch: Int64(random.draw(1..<4_000_000_000)), revision: Int64(random.draw(1..<9_000_000))),
        at: Timestamp(milliseconds: Stand.noon - Int64(random.draw(0..<9_000_000_000))),
        mastery: mastery))
  }

  private static func read(_ message: [UInt8]) throws -> [StandingUpdate] {
    let updates = try JSONDocument.parse(message) { (root) throws(Never) in
      root["data"]?["updates"].map { $0.elements.map { StandingUpdate($0) } }
    }
    return try #require(updates).map { try #require($0) }
  }

  @Test(
    "Messages for standings hold each update once, fit the broker, and hold students of the same shards", arguments: 0..<20 as Range<UInt64>
  )
  func roundTrip(seed: UInt64) throws {
    let random = SeededGenerator(seed: seed)
    let updates = try (0..<[1, 3, 40, 700, 3_000][random.draw(0..<5)]).map { _ in try Self.update(random) }
    let messages = StandingsMessage.messages(for: updates, at: Stand.noonTime)
    var read: [StandingUpdate] = []
    for message in messages {
      let own = try Self.read(message.body)
      read += own
      #expect(message.body.count < 64 << 10)
      // The shard of any cohort: a message touches one of each.
      let group = StandingGroup(school: own[0].key.school, cohort: CohortID("any"))
      #expect(Set(own.map(\.key.school)).count == 1 && Set(own.map { group.shardKey(of: $0.key.student).shard }).count == 1)
    }
    #expect(read.count == updates.count && Set(read) == Set(updates))
    // 3 schools × 16 shards, and as many more as are full.
    let bytes = messages.reduce(0) { $0 + $1.body.count }
    #expect(messages.count <= 48 + bytes / (40 << 10))
    // All of a school come together.
    #expect(messages.allSatisfy { $0.partitionKey != nil })
    #expect(Set(messages.map(\.partitionKey)).count == Set(updates.map(\.key.school)).count)
  }

  @Test("Messages for standings have the same id for the same updates and another for others")
  func ids() throws {
    let random = SeededGenerator(seed: 7)
    let (first, second) = (try Self.update(random), try Self.update(random))
    func id(_ update: StandingUpdate, after milliseconds: Int64 = 0) throws -> String {
      let message = try #require(StandingsMessage.messages(for: [update], at: Stand.noonTime.adding(milliseconds: milliseconds)).first)
      return try #require(try ReadJSON.object(message.body)["id"] as? String)
    }
    #expect(try id(first) == id(first, after: 5_000) && id(first) != id(second))
  }

  @Test("Messages for standings take under 250 bytes per student with the ids of fleets")
  func size() async throws {
    let stand = Stand()
    let students = (0..<500).map { "\($0 + 1_000)ad5b-d9cb-469f-a165-70867728950e" }
    let events = students.enumerated().map { index, student in
      Wrapped.exercise("e-\(index)", of: student, metadata: #"{"school_id":"north-school","cohort_id":"2026-autumn-a"}"#)
    }
    #expect(await stand.deliver(events).values.allSatisfy { $0 == "SUCCESS" })
    let messages = stand.sidecar.published(to: Topic.standings)
    // One for each of 16 parts.
    #expect(messages.count == 16 && messages.reduce(0) { $0 + $1.count } < 250 * 500)
  }

  @Test("A student whose standing the broker does not accept is folded later, and no other student is")
  func untaken() async throws {
    let stand = Stand()
    stand.sidecar.once(.partly(without: ["school|"])) { $0.publishes(to: Topic.standings) }
    let other = Wrapped.exercise("e-2", of: "s-2", metadata: #"{"school_id":"north"}"#)
    #expect(await stand.deliver([Wrapped.exercise("e-1"), other]) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(stand.waiting.count == 1 && stand.sidecar.published(to: Topic.standings).count == 1)
    stand.clock.step(1_000)
    #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.standings).count == 2 && stand.waiting.count == 1)
  }
}
