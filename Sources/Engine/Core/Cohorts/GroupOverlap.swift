/// How the groups of one student lie within each other, to tell what could be worked out from their averages together.
public struct GroupOverlap: Sendable {
  /// More inner groups are not compared: there are 2^12 ways to add them up.
  private static let mostGroups = 12

  /// The number of students by the inner groups that they are in, one bit each.
  private var counts: [UInt64: Int] = [:]
  /// The inner groups that lie within the outer one.
  private var inner: [UInt64] = []
  private let outerTotal: Int
  private let isTooMany: Bool

  /// Compares groups.
  ///
  /// - Parameters:
  ///   - members: The members of each of the student's cohorts.
  ///   - outer: The cohort whose averages are asked for; nil for the whole school, which holds all others.
  ///   - total: The size of the group whose averages are asked for.
  public init(_ members: [CohortID: Set<StudentID>], outer: CohortID?, total: Int) {
    let groups = members.filter { $0.key != outer }.sorted { $0.key < $1.key }
    let whole = outer.map { members[$0] ?? [] }
    isTooMany = groups.count > Self.mostGroups
    outerTotal = whole?.count ?? total
    guard !isTooMany else { return }
    var bits: [StudentID: UInt64] = [:]
    for (place, group) in groups.enumerated() where whole?.isSuperset(of: group.value) ?? true {
      inner.append(1 << UInt64(place))
      for student in group.value { bits[student, default: 0] |= 1 << UInt64(place) }
    }
    for bits in bits.values { counts[bits, default: 0] += 1 }
  }

  /// Whether some but fewer than `least` students are outside of all of some inner groups: the sum of theirs would be what is left of the whole.
  public func leavesFewer(than least: Int) -> Bool {
    guard !isTooMany else { return true }
    var unions: Set<UInt64> = [0]
    for group in inner { unions.formUnion(unions.map { $0 | group }) }
    return unions.contains { union in
      guard union != 0 else { return false }
      let covered = counts.reduce(0) { $1.key & union == 0 ? $0 : $0 + $1.value }
      return (1..<least).contains(outerTotal - covered)
    }
  }
}
