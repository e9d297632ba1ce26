import MasteryCore
import Testing

@testable import MasteryService

@Suite("The distribution of standings over shards")
struct StandingSpreadTests {
  @Test(
    "Standings fill their shards about equally, however similar the ids are",
    arguments: ["s-@", "student_000@", "@", "ab@cd", "@@@@", "u-@-2026"])
  func spread(_ pattern: String) throws {
    for (cohort, shards) in [(CohortID("c"), 16), (nil, 64)] {
      let group = StandingGroup(school: nil, cohort: cohort)
      let numbers = try (0..<1_000).map { group.shardKey(of: try #require(StudentID(pattern.replacing("@", with: "\($0)")))).shard }
      let counts = Dictionary(grouping: numbers) { $0 }.mapValues(\.count)
      // If all shards are equally likely, one of them holds that many once in many thousands of tries.
      let even = 1_000.0 / Double(shards)
      #expect(counts.count >= shards - 1 && counts.values.allSatisfy { Double($0) < even + 5 * even.squareRoot() }, "\(counts)")
    }
    let student = try #require(StudentID(pattern.replacing("@", with: "1")))
    let schools = try (0..<1_000).map { try #require(SchoolID("school-\($0)")) }
    let counts = Dictionary(grouping: schools) { StandingGroup(school: $0, cohort: nil).shardKey(of: student).shard }.mapValues(\.count)
    #expect(counts.count >= 60 && counts.values.allSatisfy { $0 < 50 })
  }

  @Test("One id has different hashes in a thousand schools, so a lookup never walks through the others")
  func manySchools() throws {
    let schools = try (0..<1_000).map { try #require(SchoolID("school-\($0)")) }
    let student = try #require(StudentID("s-1"))
    let keys = schools.map { StudentKey(school: $0, student: student) }
    #expect(Set(keys.map(\.hashValue)).count == 1_000)
    let shardKeys = schools.map { StandingGroup(school: $0, cohort: nil).shardKey(of: student) }
    #expect(Set(shardKeys.map(\.hashValue)).count == 1_000 && Set(shardKeys.map(\.group.hashValue)).count == 1_000)
  }
}
