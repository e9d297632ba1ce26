/// The inputs to a forecast of one student: what was known at the end of one day, reduced to a few numbers.
///
/// Days are real days, and all amounts are in points of mastery, so they already include a component's weight.
public struct ForecastBasis: Hashable, Sendable {
  /// The share of the newest score in the moving average that a component's newest score is compared with.
  private static let newestShare = 0.3

  /// The student's present mastery.
  public let mastery: Mastery
  /// Number of days known to have evidence, including those behind the values current at the start of the window.
  public let knownDays: Int
  /// Number of days with evidence within the window.
  public let activeDays: Int
  /// Days since the first known day of the window, or since its start if there is earlier evidence.
  public let age: Int
  /// Days since the last evidence.
  public let idleDays: Int
  /// Average gain from one piece of completion evidence so far.
  public let gain: Double
  /// How far completion is below the average of its own recent scores; negative above it.
  public let completionReversion: Double
  /// How far the other components together are below the averages of their own recent scores; negative above them.
  public let otherReversion: Double
  /// How much completion could still add.
  public let room: Double
  /// What was known of each of several courses; empty if there is only one, or none.
  public let courses: [Course]

  /// One of several courses.
  public struct Course: Hashable, Sendable {
    /// What was known of it.
    public let basis: ForecastBasis
    /// The change of the student's mastery, for each point that the course's changes by.
    ///
    /// A component of the student is the mean over the courses that have it, so a course counts whole for what it alone has evidence of.
    public let share: Double
  }

  /// Computes what was known at the end of `today`, in one pass over the days from `first` on.
  ///
  /// - Parameters:
  ///   - record: The student's evidence; anything later than `today` is ignored.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - today: The day at whose end the forecast is made.
  ///   - first: The first day visible under retention; of earlier evidence, only the current values count.
  public init(of record: EvidenceRecord, _ scope: EvidenceScope = .student, asOf today: Day, from first: Day) {
    let start = max(first, record.cutoff)
    let earliest = min(start, today.advanced(by: 1))
    var scores = ScoreWalk(record, scope, asOf: today)
    scores.visit(through: earliest.advanced(by: -1))
    let before = scores.daysInForce
    let isKnownBefore = !before.isEmpty
    var walks = isKnownBefore ? scores.given.map { ComponentWalk($0.value) } : ComponentValues<ComponentWalk>()
    var lastDay = before.max()
    var firstDay = isKnownBefore ? start : nil
    var count = 0
    for active in scores.activeDays where active.day >= earliest && active.day <= today {
      scores.visit(through: active.day)
      let given = scores.given
      if active.components.completion != nil { Self.extend(&walks.completion, by: given.completion) }
      if active.components.quiz != nil { Self.extend(&walks.quiz, by: given.quiz) }
      if active.components.quality != nil { Self.extend(&walks.quality, by: given.quality) }
      if active.components.consistency != nil { Self.extend(&walks.consistency, by: given.consistency) }
      firstDay = firstDay ?? active.day
      lastDay = active.day
      count += 1
    }
    courses = scope == .student ? Self.courses(of: record, asOf: today, from: first) : []
    mastery = record.mastery(of: scope, asOf: today)
    activeDays = count
    knownDays = count + before.count
    idleDays = lastDay?.distance(to: today) ?? 0
    age = max(0, firstDay?.distance(to: today) ?? 0)
    gain = Component.completion.weight * (walks.completion?.meanStep ?? 0)
    room = Component.completion.weight * (1 - (walks.completion?.newest ?? 1))
    completionReversion = Component.completion.weight * (walks.completion?.meanReversion ?? 0)
    otherReversion = walks.reduce(0) { $1.component == .completion ? $0 : $0 + $1.component.weight * $1.value.meanReversion }
  }

  private static func courses(of record: EvidenceRecord, asOf today: Day, from first: Day) -> [Course] {
    guard record.parts.count > 1 else { return [] }
    let parts = record.parts.filter { record.isKnown(.course($0), asOf: today) }
    guard parts.count > 1 else { return [] }
    let given = parts.map { ScoreWalk(through: today, record, .course($0)).given }
    return zip(parts, given).map { part, own in
      let (whole, counted) = own.reduce((0.0, 0.0)) { sum, each in
        let courses = given.count { $0[each.component] != nil }
        return (sum.0 + each.component.weight, sum.1 + each.component.weight / Double(courses))
      }
      return Course(basis: Self(of: record, .course(part), asOf: today, from: first), share: counted / whole)
    }
  }

  private static func extend(_ walk: inout ComponentWalk?, by score: Score?) {
    guard let score else { return }
    if walk?.append(score.value) == nil { walk = ComponentWalk(score.value) }
  }

  /// The scores of one component, visited from the earliest on.
  private struct ComponentWalk {
    let first: Double
    var newest: Double
    var average: Double
    var count = 1

    init(_ score: Double) {
      first = score
      newest = score
      average = score
    }

    var meanStep: Double { count > 1 ? (newest - first) / Double(count - 1) : 0 }

    var meanReversion: Double { average - newest }

    mutating func append(_ score: Double) {
      newest = score
      average += ForecastBasis.newestShare * (score - average)
      count += 1
    }
  }
}
