/// What a forecast of one student rests on: what was known at the end of one day, boiled down to a few numbers.
///
/// Days are real days, and everything is said in points of mastery, so that a component's weight is in its numbers already.
public struct ForecastBasis: Hashable, Sendable {
  /// The pace of forgetting in the average that a component's newest score is held against.
  private static let newestShare = 0.3

  /// How the student stands.
  public let mastery: Mastery
  /// Days that are known to have evidence, those that the values in force at the window's beginning come from included.
  public let knownDays: Int
  /// Days with evidence within the window.
  public let activeDays: Int
  /// Days since the first known day of the window, or since its beginning where something was known before.
  public let age: Int
  /// Days since the last evidence.
  public let idleDays: Int
  /// What one piece of completion evidence has brought so far, on average.
  public let gain: Double
  /// How far completion lies under the average of its own recent scores; negative above it.
  public let completionPull: Double
  /// How far the other components together lie under the averages of their own recent scores; negative above them.
  public let otherPull: Double
  /// What completion could still add.
  public let room: Double

  /// Works out what was known at the end of `today`, in one walk over the days from `first` on.
  ///
  /// - Parameters:
  ///   - record: The student's evidence; what is later than `today` is left out.
  ///   - today: The day at whose end the forecast is made.
  ///   - first: The first day that retention lets be seen; of what is before it only the values in force count.
  public init(of record: EvidenceRecord, asOf today: Day, from first: Day) {
    let start = record.firstIndex(notBefore: max(first, record.cut))
    let end = record.firstIndex(notBefore: today.advanced(by: 1))
    var earlier = record.baseline
    for index in 0..<min(start, end) { earlier.supersede(with: record.days[index].latest) }
    var walks = ComponentValues<ComponentWalk>()
    for (component, evidence) in earlier where Day(evidence.timestamp) <= today {
      walks[component] = ComponentWalk(evidence.score.value)
    }
    let isCut = !walks.isEmpty
    // Places are counted, as a loop over the days would copy each with all that its evidence holds.
    for index in start..<max(start, end) {
      Self.extend(&walks.completion, by: record.days[index].latest.completion?.score)
      Self.extend(&walks.quiz, by: record.days[index].latest.quiz?.score)
      Self.extend(&walks.quality, by: record.days[index].latest.quality?.score)
      Self.extend(&walks.consistency, by: record.days[index].latest.consistency?.score)
    }
    var scores = walks.map { Score(clamping: $0.newest) }
    if scores.consistency == nil { scores.consistency = record.activeDays(before: end).consistency }
    mastery = Mastery(components: scores)
    activeDays = max(0, end - start)
    let before = Set(earlier.map { Day($0.value.timestamp) }.filter { $0 <= today })
    knownDays = activeDays + before.count
    let lastDay = activeDays > 0 ? record.days[end - 1].day : before.max()
    idleDays = lastDay?.distance(to: today) ?? 0
    let firstDay = isCut ? max(first, record.cut) : activeDays > 0 ? record.days[start].day : today
    age = max(0, firstDay.distance(to: today))
    gain = Component.completion.weight * (walks.completion?.meanStep ?? 0)
    room = Component.completion.weight * (1 - (walks.completion?.newest ?? 1))
    completionPull = Component.completion.weight * (walks.completion?.pull ?? 0)
    otherPull = walks.reduce(0) { $1.component == .completion ? $0 : $0 + $1.component.weight * $1.value.pull }
  }

  private static func extend(_ walk: inout ComponentWalk?, by score: Score?) {
    guard let score else { return }
    if walk?.append(score.value) == nil { walk = ComponentWalk(score.value) }
  }

  /// The scores of one component, walked from the earliest on.
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

    var pull: Double { average - newest }

    mutating func append(_ score: Double) {
      newest = score
      average += ForecastBasis.newestShare * (score - average)
      count += 1
    }
  }
}
