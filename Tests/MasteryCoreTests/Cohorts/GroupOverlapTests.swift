import MasteryCore
import Testing

@Suite("Groups within groups")
struct GroupOverlapTests {
  private func cohort(_ name: String) throws -> CohortID { try #require(CohortID(name)) }

  private func members(_ range: Range<Int>) throws -> Set<StudentID> {
    Set(try range.map { try #require(StudentID("s-\($0)")) })
  }

  @Test("Few students outside of one or several inner groups could be worked out; none or many could not")
  func overlaps() throws {
    let (a, b) = (try cohort("a"), try cohort("b"))
    // A school of 30: 14 and 14 leave two.
    let two = [a: try members(0..<14), b: try members(13..<27)]
    #expect(GroupOverlap(two, outer: nil, total: 30).leavesFewer(than: 10))
    #expect(!GroupOverlap(two, outer: nil, total: 27).leavesFewer(than: 10))
    #expect(!GroupOverlap(two, outer: nil, total: 60).leavesFewer(than: 10))
    // Within a cohort, a cohort of the same students but for three; neither holds where it only overlaps.
    #expect(GroupOverlap([a: try members(0..<30), b: try members(0..<27)], outer: a, total: 30).leavesFewer(than: 10))
    #expect(!GroupOverlap([a: try members(0..<30), b: try members(1..<31)], outer: a, total: 30).leavesFewer(than: 10))
    #expect(!GroupOverlap([a: try members(0..<30), b: try members(0..<30)], outer: a, total: 30).leavesFewer(than: 10))
  }

  @Test("Too many inner groups to be compared count as a reason to hide")
  func tooMany() throws {
    let many = Dictionary(uniqueKeysWithValues: try (0..<13).map { (try cohort("c-\($0)"), try members($0 * 100..<$0 * 100 + 100)) })
    #expect(GroupOverlap(many, outer: nil, total: 9_999).leavesFewer(than: 10))
  }
}
