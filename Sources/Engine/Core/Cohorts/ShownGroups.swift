/// Which of the groups that a student is in may be shown to the student, so that no few others' scores can be worked out.
///
/// A group's average tells the sum of its scores. The student knows the own score, and can add and subtract the sums of several groups: if some
/// combination is about few students, some of them others, it tells the sum of these. The groups are looked at from the smallest to the
/// largest; one is shown if it is large enough, and if no combination of it with those already shown is about so few.
public struct ShownGroups: Sendable {
  /// One of the student's groups.
  public enum Group: Hashable, Sendable {
    /// A cohort.
    case cohort(CohortID)
    /// The whole school, which holds all others.
    case school
  }

  /// More groups are not compared: the ways to add them up would be too many.
  public static let mostGroups = 5

  /// How often a group has to be added or subtracted at the most, so that no combination is missed that is about fewer students than others.
  ///
  /// Such a combination is a solution of equations with zeros and ones, whose factors are determinants: of 4 groups at most 2, of 5 at most 3
  /// (Hadamard's maximal determinant problem for matrices of zeros and ones).
  private static func mostFactor(of groups: Int) -> Int { groups > 4 ? 3 : 2 }

  /// The groups that may be shown.
  public let shown: Set<Group>

  /// Decides on groups, the student being in all of them.
  ///
  /// - Parameters:
  ///   - student: The student.
  ///   - cohorts: The members of each of the student's cohorts, at most `mostGroups` less one.
  ///   - school: The number of students of the school; nil if it is not asked about, since it is looked at last and hides none of the others.
  ///   - least: The least number of students who may be told of together.
  public init(to student: StudentID, cohorts: [CohortID: Set<StudentID>], school: Int?, least: Int) {
    let ordered = cohorts.sorted { ($0.value.count, $0.key.text) < ($1.value.count, $1.key.text) }
    // Students of the same groups cannot be told apart, so that only their number counts.
    var patterns: [StudentID: Int] = [:]
    for (place, cohort) in ordered.enumerated() {
      for member in cohort.value where member != student { patterns[member, default: 0] |= 1 << place }
    }
    var cells: [Int: Int] = [:]
    for pattern in patterns.values { cells[pattern, default: 0] += 1 }
    if let school { cells[0] = max(0, school - 1 - patterns.count) }
    var shown: Set<Group> = []
    var bits: [Int?] = []
    var groups = ordered.enumerated().map { place, cohort in
      (Group.cohort(cohort.key), Optional(place), cohort.value.union([student]).count)
    }
    if let school { groups.append((.school, nil, school)) }
    for (group, place, size) in groups where size >= least {
      guard !Self.tellsOfFew(bits + [place], cells, least) else { continue }
      bits.append(place)
      shown.insert(group)
    }
    self.shown = shown
  }

  /// Whether a combination of groups, each added or subtracted as often as it takes, is about fewer than `least` students, some of them others.
  ///
  /// - Parameters:
  ///   - groups: The bit of each group in the patterns; nil for the school.
  ///   - cells: The number of other students by the groups that they are in.
  ///   - least: The least number.
  /// - Returns: Whether there is one.
  private static func tellsOfFew(_ groups: [Int?], _ cells: [Int: Int], _ least: Int) -> Bool {
    let inhabited = cells.filter { $0.value > 0 }
    let most = mostFactor(of: groups.count)
    var factors = [Int](repeating: -most, count: groups.count)
    while true {
      let told = inhabited.reduce(0) { sum, cell in
        let factor = zip(groups, factors).reduce(0) { $1.0.map { cell.key & 1 << $0 != 0 } ?? true ? $0 + $1.1 : $0 }
        return factor == 0 ? sum : sum + cell.value
      }
      // The student is in all groups, and counts where not as often added as subtracted.
      if told > 0, told + (factors.reduce(0, +) == 0 ? 0 : 1) < least { return true }
      guard let next = factors.firstIndex(where: { $0 < most }) else { return false }
      factors[next] += 1
      for index in 0..<next { factors[index] = -most }
    }
  }
}
