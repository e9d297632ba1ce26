internal import Glibc

/// A student's state as the Contract article, "Scores", describes it, recalculated each time from all events ever seen.
public struct NaiveStudent: Sendable {
  /// All events, in any order, possibly with duplicates.
  public var events: [NaiveEvent]
  /// The first day whose evidence is kept by day; earlier evidence forms the baseline.
  public var cutoff: Int

  /// Creates a student with the given events.
  public init(events: [NaiveEvent], cutoff: Int) {
    self.events = events
    self.cutoff = cutoff
  }

  /// The value in force for a component.
  public struct InForce: Hashable, Sendable {
    /// The event that it comes from.
    public let event: NaiveEvent
    /// The score.
    public let score: Double
  }

  /// The student's state at the end of a day.
  public struct DayEnd: Hashable, Sendable {
    /// The UTC day, counted from 1 January 1970.
    public let day: Int
    /// The scores in force.
    public let components: [String: Double]
    /// Their weighted sum.
    public let mastery: Double
    /// Whether the day itself has evidence.
    public let hasEvidence: Bool
  }

  /// The latest evidence of a component among the events of the given days.
  public func latest(_ component: String, in days: some RangeExpression<Int>) -> InForce? {
    let all = events.filter { days.contains($0.day) }.compactMap { event in
      event.parts[component].map { InForce(event: event, score: NaiveScore.score(of: component, fields: $0)) }
    }
    return all.sorted(by: Self.isEarlier).last
  }

  /// The latest evidence of a component from before the cutoff.
  public func baseline(_ component: String) -> InForce? { latest(component, in: ..<cutoff) }

  /// The scores in force at the end of a day that is not before the cutoff.
  public func components(asOf day: Int = .max) -> [String: Double] {
    var found: [String: Double] = [:]
    for (component, _) in NaiveScore.weights { found[component] = latest(component, in: ...day)?.score }
    if found["consistency"] == nil { found["consistency"] = derivedConsistency(asOf: day) }
    return found
  }

  /// The mastery at the end of a day.
  public func mastery(asOf day: Int = .max) -> Double { NaiveScore.mastery(components(asOf: day)) }

  /// The components below 0.70.
  public func weak(asOf day: Int = .max) -> Set<String> {
    let components = components(asOf: day)
    return Set(NaiveScore.weights.map(\.component).filter { NaiveScore.nine(components[$0] ?? 0) < 700_000_000 })
  }

  /// The cohort named by the latest evidence that names one.
  public var cohort: String? {
    let naming = events.filter { $0.cohort != nil && !$0.parts.isEmpty }
    return naming.sorted { ($0.milliseconds, $0.id, $0.cohort ?? "") < ($1.milliseconds, $1.id, $1.cohort ?? "") }.last?.cohort
  }

  /// The days of a window, starting with the first on which something is known.
  public func history(from first: Int, through last: Int) -> [DayEnd] {
    let start = max(first, cutoff)
    guard start <= last else { return [] }
    return (start...last).compactMap { day in
      guard events.contains(where: { $0.day <= day && !$0.parts.isEmpty }) else { return nil }
      let hasEvidence = events.contains { $0.day == day && !$0.parts.isEmpty }
      return DayEnd(day: day, components: components(asOf: day), mastery: mastery(asOf: day), hasEvidence: hasEvidence)
    }
  }

  /// The mean mastery over the 30 calendar days that end with `last`; nil if nothing is known.
  public func average30(endingOn last: Int) -> Double? {
    let values = history(from: last - 29, through: last).map(\.mastery)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The trend over the 30 days that end with `last`: `improving`, `declining` or `stable`.
  public func trend(endingOn last: Int) -> String {
    let points = history(from: last - 29, through: last).filter(\.hasEvidence).map { (x: Double($0.day - last), y: $0.mastery) }
    let n = Double(points.count)
    guard n >= 3 else { return "stable" }
    let sumX = points.reduce(0) { $0 + $1.x }
    let sumY = points.reduce(0) { $0 + $1.y }
    let sumXX = points.reduce(0) { $0 + $1.x * $1.x }
    let sumXY = points.reduce(0) { $0 + $1.x * $1.y }
    let slope = (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX)
    let intercept = (sumY - slope * sumX) / n
    let squares = points.reduce(0) { $0 + pow($1.y - intercept - slope * $1.x, 2) }
    let change = slope * 30
    let error = sqrt(squares / (n - 2) / (sumXX - sumX * sumX / n)) * 30
    guard abs(change) > 0.02, abs(change) > error else { return "stable" }
    return change > 0 ? "improving" : "declining"
  }

  private func derivedConsistency(asOf day: Int) -> Double? {
    guard day >= cutoff else { return nil }
    let active = Set(events.filter { (cutoff...day).contains($0.day) && !$0.parts.isEmpty }.map(\.day))
    guard let last = active.max() else { return nil }
    func streak(endingOn day: Int) -> Int { active.contains(day) ? 1 + streak(endingOn: day - 1) : 0 }
    let longest = active.map(streak(endingOn:)).max() ?? 1
    let skipped = active.filter { $0 < last }.max().map { last - $0 - 1 } ?? 0
    return Double(streak(endingOn: last)) / Double(longest) * exp(log(0.9) * Double(skipped))
  }

  private static func isEarlier(_ left: InForce, _ right: InForce) -> Bool {
    if left.event.milliseconds != right.event.milliseconds { return left.event.milliseconds < right.event.milliseconds }
    if left.event.id != right.event.id { return left.event.id < right.event.id }
    if left.score != right.score { return left.score < right.score }
    return (left.event.source.map { "1" + $0 } ?? "0") < (right.event.source.map { "1" + $0 } ?? "0")
  }
}
