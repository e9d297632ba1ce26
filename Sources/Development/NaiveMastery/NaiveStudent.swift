internal import Glibc

/// A student's state as the Contract article, "Scores", describes it, recalculated each time from all events ever seen.
public struct NaiveStudent: Sendable {
  /// All events, in any order, possibly with duplicates.
  public var events: [NaiveEvent]
  /// The first day whose evidence is kept by day; earlier evidence forms the baseline.
  public var cutoff: Int
  /// The rule for what the days of a topic come to.
  public var scoring: String

  /// Creates a student with the given events.
  public init(events: [NaiveEvent], cutoff: Int, scoring: String = "latest") {
    self.events = events
    self.cutoff = cutoff
    self.scoring = scoring
  }

  /// The value in force for a component.
  public struct InForce: Hashable, Sendable {
    /// The event that it comes from.
    public let event: NaiveEvent
    /// The component.
    public let component: String
    /// The score; 0 for what was taken back.
    public let score: Double

    /// Creates what an event says about one of its components.
    public init?(_ event: NaiveEvent, _ component: String) {
      guard let fields = event.parts[component] else { return nil }
      self.event = event
      self.component = component
      score = event.isRetracted ? 0 : NaiveScore.score(of: component, fields: fields)
    }
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

  /// The scores in force at the end of a day: for each component the mean over courses of the means over topics.
  ///
  /// - Parameters:
  ///   - day: The day.
  ///   - courses: The courses that count, nil among them for evidence outside any; nil counts all.
  /// - Returns: The score of each component that has one.
  public func components(asOf day: Int = .max, in courses: Set<String?>? = nil) -> [String: Double] {
    let places = places.filter { courses?.contains($0.course) ?? true }
    var components: [String: Double] = [:]
    for (component, _) in NaiveScore.weights {
      let byCourse = Dictionary(grouping: places, by: \.course).values.compactMap { places in
        Self.mean(places.compactMap { score(component, at: $0, asOf: day) })
      }
      components[component] = Self.mean(byCourse)
    }
    if components["consistency"] == nil { components["consistency"] = derivedConsistency(asOf: day, in: places) }
    return components
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted().reduce(0, +) / Double(values.count)
  }

  /// The mastery at the end of a day.
  public func mastery(asOf day: Int = .max, in courses: Set<String?>? = nil) -> Double {
    NaiveScore.mastery(components(asOf: day, in: courses))
  }

  /// The components below 0.70.
  public func weak(asOf day: Int = .max) -> Set<String> {
    let components = components(asOf: day)
    return Set(NaiveScore.weights.map(\.component).filter { NaiveScore.nine(components[$0] ?? 0) < 700_000_000 })
  }

  /// The cohort by course, nil being one of them: each that of the latest evidence within the course that names one.
  public var cohorts: [String?: String] {
    let naming = events.filter { $0.cohort != nil && !$0.parts.isEmpty && !$0.isRetracted }
    return Dictionary(grouping: naming, by: \.place.course).compactMapValues { Self.last($0)?.cohort }
  }

  /// The cohort outside any course, or else the one that was joined last.
  public var cohort: String? {
    let naming = events.filter { $0.cohort != nil && !$0.parts.isEmpty && !$0.isRetracted }
    let outside = naming.filter { $0.place.course == nil }
    return Self.last(outside.isEmpty ? naming : outside)?.cohort
  }

  private static func last(_ naming: [NaiveEvent]) -> NaiveEvent? {
    naming.sorted {
      ($0.milliseconds, $0.correction, $0.id, $0.cohort ?? "") < ($1.milliseconds, $1.correction, $1.id, $1.cohort ?? "")
    }.last
  }

  /// The days of a window, starting with the first on which something is known.
  public func history(from first: Int, through last: Int) -> [DayEnd] {
    let start = max(first, cutoff)
    guard start <= last else { return [] }
    let active = activeDays(in: places)
    return (start...last).compactMap { day in
      guard isKnown(asOf: day) else { return nil }
      let components = components(asOf: day)
      return DayEnd(day: day, components: components, mastery: NaiveScore.mastery(components), hasEvidence: active.contains(day))
    }
  }

  /// Whether some evidence was in force at the end of a day.
  public func isKnown(asOf day: Int) -> Bool {
    places.contains { place in NaiveScore.weights.contains { inForce($0.component, at: place, asOf: day) != nil } }
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

  /// The days since the cutoff on which something counts.
  public func activeDays(in places: Set<NaivePlace>) -> Set<Int> {
    Set(
      places.flatMap { place in
        NaiveScore.weights.flatMap { kept($0.component, at: place).map(\.event.day).filter { $0 >= cutoff } }
      })
  }

  private func derivedConsistency(asOf day: Int, in places: Set<NaivePlace>) -> Double? {
    let active = activeDays(in: places).filter { $0 <= day }
    guard let last = active.max() else { return nil }
    func streak(endingOn day: Int) -> Int { active.contains(day) ? 1 + streak(endingOn: day - 1) : 0 }
    let longest = active.map(streak(endingOn:)).max() ?? 1
    let skipped = active.filter { $0 < last }.max().map { last - $0 - 1 } ?? 0
    return Double(streak(endingOn: last)) / Double(longest) * exp(log(0.9) * Double(skipped))
  }
}
