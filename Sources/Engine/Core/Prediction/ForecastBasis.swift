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

  /// Computes what was known at the end of `today`, in one pass over the days from `first` on.
  ///
  /// - Parameters:
  ///   - record: The student's evidence; anything later than `today` is ignored.
  ///   - today: The day at whose end the forecast is made.
  ///   - first: The first day visible under retention; of earlier evidence, only the current values count.
  public init(of record: EvidenceRecord, asOf today: Day, from first: Day) {
    let start = record.firstIndex(notBefore: max(first, record.cutoff))
    let end = record.firstIndex(notBefore: today.advanced(by: 1))
    var earlier = record.baseline
    for index in 0..<min(start, end) { earlier.supersede(with: record.days[index].latest) }
    var walks = ComponentValues<ComponentWalk>()
    for (component, evidence) in earlier where evidence.day <= today {
      walks[component] = ComponentWalk(evidence.score.value)
    }
    let isCut = !walks.isEmpty
    // Indices are used because iterating over the days would copy each of them with all its evidence.
    for index in start..<max(start, end) {
      Self.extend(&walks.completion, by: record.days[index].latest.completion?.score)
      Self.extend(&walks.quiz, by: record.days[index].latest.quiz?.score)
      Self.extend(&walks.quality, by: record.days[index].latest.quality?.score)
      Self.extend(&walks.consistency, by: record.days[index].latest.consistency?.score)
    }
    mastery = record.mastery(asOf: today)
    activeDays = max(0, end - start)
    let before = Set(earlier.map { $0.value.day }.filter { $0 <= today })
    knownDays = activeDays + before.count
    let lastDay = activeDays > 0 ? record.days[end - 1].day : before.max()
    idleDays = lastDay?.distance(to: today) ?? 0
    let firstDay = isCut ? max(first, record.cutoff) : activeDays > 0 ? record.days[start].day : today
    age = max(0, firstDay.distance(to: today))
    gain = Component.completion.weight * (walks.completion?.meanStep ?? 0)
    room = Component.completion.weight * (1 - (walks.completion?.newest ?? 1))
    completionReversion = Component.completion.weight * (walks.completion?.meanReversion ?? 0)
    otherReversion = walks.reduce(0) { $1.component == .completion ? $0 : $0 + $1.component.weight * $1.value.meanReversion }
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
