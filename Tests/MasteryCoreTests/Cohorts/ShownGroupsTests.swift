import MasteryCore
import Testing

@Suite("Groups that a student may see")
struct ShownGroupsTests {
  private func shown(_ cohorts: [String: [Range<Int>]], school: Int) throws -> [String] {
    var members: [CohortID: Set<StudentID>] = [:]
    for (name, ranges) in cohorts {
      members[try #require(CohortID(name))] = Set(try ranges.joined().map { try #require(StudentID("s-\($0)")) })
    }
    return ShownGroups(to: try #require(StudentID("s-0")), cohorts: members, school: school, least: 10).shown.map { group in
      switch group {
      case .cohort(let cohort): cohort.text
      case .school: "school"
      }
    }.sorted()
  }

  @Test("Groups that differ by few are not shown together, the smallest first")
  func differences() throws {
    #expect(try shown(["a": [0..<12]], school: 14) == ["a"])
    #expect(try shown(["a": [0..<12]], school: 12) == ["a", "school"])
    #expect(try shown(["a": [0..<12]], school: 22) == ["a", "school"])
    #expect(try shown(["a": [0..<14], "b": [0..<12]], school: 40) == ["b", "school"])
    #expect(try shown(["a": [0..<14], "b": [0..<14]], school: 40) == ["a", "b", "school"])
    // One of few students is not shown, and nothing can be subtracted then.
    #expect(try shown(["a": [0..<4]], school: 13) == ["school"])
    #expect(try shown([:], school: 10) == ["school"] && shown([:], school: 9) == [])
  }

  @Test("Groups that together leave few of the school, or that have few in common, are not shown together")
  func combinations() throws {
    // 14 and 14 of 30, both with the student: 3 others are in neither.
    #expect(try shown(["a": [0..<14], "b": [0..<1, 14..<27]], school: 30) == ["a", "b"])
    // 12 and 12 of 22 with one other in common: a + b − school tells of that one.
    #expect(try shown(["a": [0..<12], "b": [0..<2, 12..<22]], school: 22) == ["a", "b"])
    // a − b + c is about 2 others alone.
    #expect(try shown(["a": [0..<13], "b": [0..<1, 11..<31], "c": [0..<1, 13..<31]], school: 500) == ["a", "c", "school"])
  }

  @Test("A combination that takes a group three times is found")
  func threefold() throws {
    // Ten others in each three of four cohorts, and one in none: 3 × school − a − b − c − d is about that one, and the student.
    let (abc, abd, acd, bcd) = (1..<11, 11..<21, 21..<31, 31..<41)
    let cohorts = ["a": [0..<1, abc, abd, acd], "b": [0..<1, abc, abd, bcd], "c": [0..<1, abc, acd, bcd], "d": [0..<1, abd, acd, bcd]]
    #expect(try shown(cohorts, school: 42) == ["a", "b", "c", "d"])
    #expect(try shown(cohorts, school: 60) == ["a", "b", "c", "d", "school"])
  }

  @Test("The student is one of a group, but not of what is outside of it")
  func own() throws {
    #expect(try shown(["a": [0..<10]], school: 10) == ["a", "school"])
    #expect(try shown(["a": [0..<11]], school: 20) == ["a"])
    #expect(try shown(["a": [0..<1]], school: 10) == ["school"])
  }
}
