/// The combined standings of all students of a cohort.
public struct CohortStandings: Hashable, Sendable {
  /// Students below this mastery are at risk, in thousandths.
  private static let atRisk = 500
  /// Maximum number of at-risk students listed by name.
  public static let namedAtRisk = 100

  /// The distribution of masteries.
  public private(set) var mastery = ScoreDistribution()
  /// The score distribution of each component, in the order of `Component.allCases`; missing evidence counts as 0.
  private var components = [ScoreDistribution](repeating: ScoreDistribution(), count: Component.allCases.count)
  /// Number of students at each level.
  public private(set) var levels: [Level: Int] = [:]
  /// The students below 0.5 with their masteries, lowest first, at most 100.
  public private(set) var atRisk: [StudentAtRisk] = []
  /// Time of the latest change counted here; nil if unknown.
  public private(set) var asOf: Timestamp?

  /// A student below 0.5.
  public struct StudentAtRisk: Hashable, Comparable, Sendable {
    /// The mastery in thousandths.
    public let mastery: Int
    /// The student.
    public let student: StudentID

    /// Orders by mastery, then by id.
    public static func < (left: Self, right: Self) -> Bool {
      left.mastery == right.mastery ? left.student < right.student : left.mastery < right.mastery
    }
  }

  /// Creates the standings of an empty cohort.
  public init() {}

  /// Number of students.
  public var total: Int { mastery.total }

  /// The score distribution of a component.
  public subscript(component: Component) -> ScoreDistribution { components[component.index] }

  /// Adds a student.
  ///
  /// - Parameters:
  ///   - shown: The student's mastery.
  ///   - moment: When that mastery was reached.
  ///   - student: The student's id, evaluated only if the student is at risk and may be named.
  public mutating func add(_ shown: ShownMastery, at moment: Timestamp? = nil, _ student: @autoclosure () -> StudentID?) {
    mastery.add(shown.score)
    note(moment)
    for component in Component.allCases { components[component.index].add(shown.components[component] ?? 0) }
    levels[shown.level, default: 0] += 1
    guard shown.score < Self.atRisk, atRisk.count < Self.namedAtRisk || shown.score <= (atRisk.last?.mastery ?? 0) else { return }
    if let student = student() { name(StudentAtRisk(mastery: shown.score, student: student)) }
  }

  /// Adds all students of another part of the cohort.
  public mutating func add(_ other: Self) {
    mastery.add(other.mastery)
    note(other.asOf)
    for index in components.indices { components[index].add(other.components[index]) }
    levels.merge(other.levels, uniquingKeysWith: +)
    for each in other.atRisk { name(each) }
  }

  private mutating func note(_ moment: Timestamp?) { asOf = [asOf, moment].compactMap(\.self).max() }

  private mutating func name(_ new: StudentAtRisk) {
    atRisk.insert(new, at: atRisk.firstIndex { new < $0 } ?? atRisk.endIndex)
    if atRisk.count > Self.namedAtRisk { atRisk.removeLast() }
  }
}

extension Component {
  fileprivate var index: Int {
    switch self {
    case .completion: 0
    case .quiz: 1
    case .quality: 2
    case .consistency: 3
    }
  }
}
