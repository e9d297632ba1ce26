/// All evidence about one topic of a student: the latest per day and component, and per component the latest from before the retained days.
public struct TopicRecord: Hashable, Sendable {
  /// The course and the topic.
  public let topic: CourseTopic
  /// The days with evidence from the cutoff on, sorted.
  public private(set) var days: [EvidenceDay]
  /// The latest evidence from before the cutoff, which gives the current value at the cutoff.
  public private(set) var baseline: ComponentValues<EarlierEvidence>

  /// Creates a record without evidence.
  init(topic: CourseTopic) {
    self.topic = topic
    days = []
    baseline = ComponentValues()
  }

  /// Creates a record from stored values, or returns nil if there is no evidence, the days are out of order, or days or baseline are on the wrong
  /// side of the cutoff.
  public init?(topic: CourseTopic, cutoff: Day, days: [EvidenceDay], baseline: ComponentValues<EarlierEvidence>) {
    guard !days.isEmpty || !baseline.isEmpty else { return nil }
    guard zip(days, days.dropFirst()).allSatisfy({ $0.day < $1.day }), days.first.map({ $0.day >= cutoff }) ?? true else { return nil }
    guard baseline.allSatisfy({ $0.value.latest.day < cutoff && $0.value.before.map { $0.day < cutoff } ?? true }) else { return nil }
    self.topic = topic
    self.days = days
    self.baseline = baseline
  }

  // MARK: Merging

  /// Merges the evidence of an observation of this topic and returns the parts of it that were merged.
  mutating func mergeParts(of observation: Observation, cutoff: Day) -> MergedParts {
    var merged: MergedParts = []
    let day = observation.day
    let index = day < cutoff ? nil : index(for: day)
    observation.contents.visit { component, content in
      let evidence = observation.evidence(content)
      let isLater =
        if let index {
          days[index].latest.supersede(component, with: evidence)
        } else {
          baseline.merge(component, evidence)
        }
      if isLater { merged.insert(.component(component)) }
    }
    return merged
  }

  /// Folds the days before a cutoff into the baseline.
  mutating func raise(cutoff: Day) {
    let kept = days.firstIndex { $0.day >= cutoff } ?? days.endIndex
    for index in 0..<kept {
      days[index].latest.visit { component, evidence in _ = baseline.merge(component, evidence) }
    }
    days.removeSubrange(..<kept)
  }

  /// Whether one of the given parts of an observation is current: on its day, or in the baseline.
  func holds(_ parts: MergedParts, of observation: Observation, cutoff: Day) -> Bool {
    let day = observation.day
    let latest: (Component) -> Bool
    if day < cutoff {
      latest = { component in
        guard let earlier = baseline[component], let content = observation.contents[component] else { return false }
        let evidence = observation.evidence(content)
        return earlier.latest == evidence || earlier.before == evidence
      }
    } else {
      let index = firstIndex(notBefore: day)
      guard index < days.endIndex, days[index].day == day else { return false }
      latest = { component in
        observation.contents[component].map { days[index].latest[component] == observation.evidence($0) } ?? false
      }
    }
    return Component.allCases.contains { parts.contains(.component($0)) && latest($0) }
  }

  /// The index of `day`, which is inserted if missing.
  private mutating func index(for day: Day) -> Int {
    let index = firstIndex(notBefore: day)
    if index == days.endIndex || days[index].day != day {
      days.insert(EvidenceDay(checked: day, latest: ComponentValues()), at: index)
    }
    return index
  }

  /// The first index whose day is `day` or later, searched from the end, where nearly all events belong.
  func firstIndex(notBefore day: Day) -> Int {
    guard let last = days.last, last.day >= day else { return days.endIndex }
    var low = days.startIndex
    var high = days.endIndex - 1
    while low < high {
      let middle = (low + high) / 2
      if days[middle].day < day { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Evidence in force

  /// The current evidence at the end of `day`, or now if no day is given; what was taken back does not count.
  ///
  /// For days before the cutoff, only the baseline is known.
  public func latest(asOf day: Day? = nil) -> ComponentValues<Evidence> {
    inForce(asOf: day) { $0 }
  }

  /// The current scores at the end of `day`, or now if no day is given, without derived consistency.
  func scores(asOf day: Day? = nil, by scoring: Scoring) -> ComponentValues<Score> {
    scoring == .latest ? inForce(asOf: day) { $0.score } : runs(asOf: day).scores(by: scoring)
  }

  /// Visits all evidence that is kept up to the end of `day`, or all if no day is given.
  func forEachEvidence(asOf day: Day? = nil, _ visit: (Component, Evidence) -> Void) {
    baseline.visit { component, earlier in
      for evidence in [earlier.before, earlier.latest].compactMap(\.self) where day.map({ evidence.day <= $0 }) ?? true {
        visit(component, evidence)
      }
    }
    for index in 0..<end(asOf: day) {
      days[index].latest.visit(visit)
    }
  }

  /// The time of the latest evidence, what was taken back included.
  var latestTimestamp: Timestamp {
    var latest = Timestamp(milliseconds: .min)
    forEachEvidence { latest = max(latest, $1.timestamp) }
    return latest
  }

  /// The days by which an earlier moment may count for a later day, if the clocks were changed in between: offsets differ by 26 hours at most.
  private static let overlap = 2

  /// A property of the evidence in force, for each component that has some.
  private func inForce<Value>(asOf day: Day?, _ property: (Evidence) -> Value) -> ComponentValues<Value> {
    let end = end(asOf: day)
    return ComponentValues(
      completion: inForce(end, baseline.completion, day) { $0.completion }.map(property),
      quiz: inForce(end, baseline.quiz, day) { $0.quiz }.map(property),
      quality: inForce(end, baseline.quality, day) { $0.quality }.map(property),
      consistency: inForce(end, baseline.consistency, day) { $0.consistency }.map(property))
  }

  /// The latest evidence of one component among the indices before `end` and the baseline.
  ///
  /// This loop uses indices because iterating over the days would copy each of them with all its evidence.
  private func inForce(
    _ end: Int, _ earlier: EarlierEvidence?, _ asOf: Day?, _ value: (ComponentValues<Evidence>) -> Evidence?
  ) -> Evidence? {
    var latest: Evidence?
    var first = Day(number: .min)
    for index in (days.startIndex..<end).reversed() {
      guard days[index].day >= first else { return latest }
      guard let found = value(days[index].latest), !found.isRetracted else { continue }
      if latest == nil { first = days[index].day.advanced(by: -Self.overlap) }
      latest = latest.map { max($0, found) } ?? found
    }
    guard let found = earlier?.inForce(asOf: asOf) else { return latest }
    return latest.map { max($0, found) } ?? found
  }

  /// The first index after `day`, or after the last day if no day is given.
  func end(asOf day: Day?) -> Int {
    day.map { firstIndex(notBefore: $0.advanced(by: 1)) } ?? days.endIndex
  }
}

extension ComponentValues where Value == Evidence {
  /// Stores `evidence` if it is later than the present one, and returns whether it was.
  fileprivate mutating func supersede(_ component: Component, with evidence: Evidence) -> Bool {
    if let present = self[component], !(present < evidence) { return false }
    self[component] = evidence
    return true
  }
}

extension ComponentValues where Value == EarlierEvidence {
  /// Merges evidence from before the cutoff, and returns whether anything changed.
  fileprivate mutating func merge(_ component: Component, _ evidence: Evidence) -> Bool {
    guard self[component] != nil else {
      self[component] = EarlierEvidence(evidence)
      return true
    }
    return self[component]?.merge(evidence) ?? false
  }
}
