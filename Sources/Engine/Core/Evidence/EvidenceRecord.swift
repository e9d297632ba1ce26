/// All evidence about a student: the latest per day and component, and per component the latest from before the retained days.
///
/// The record is a join: for the same cutoff, the same observations give equal records in any order, duplication and batching.
public struct EvidenceRecord: Hashable, Sendable {
  /// The first day kept individually; it only rises.
  public private(set) var cutoff: Day
  /// The days with evidence from the cutoff on, sorted.
  public private(set) var days: [EvidenceDay]
  /// The latest evidence from before the cutoff, which gives the current value at the cutoff.
  public private(set) var baseline: ComponentValues<Evidence>
  /// The cohort named by the latest evidence that names one.
  public private(set) var cohort: CohortMembership?

  /// Creates a record without evidence.
  public init(cutoff: Day) {
    self.cutoff = cutoff
    days = []
    baseline = ComponentValues()
  }

  /// Creates a record from stored values, or returns nil if the days are out of order, or days or baseline are on the wrong side of the
  /// cut.
  public init?(cutoff: Day, days: [EvidenceDay], baseline: ComponentValues<Evidence>, cohort: CohortMembership?) {
    guard zip(days, days.dropFirst()).allSatisfy({ $0.day < $1.day }), days.first.map({ $0.day >= cutoff }) ?? true else { return nil }
    guard baseline.allSatisfy({ $0.value.day < cutoff }) else { return nil }
    self.cutoff = cutoff
    self.days = days
    self.baseline = baseline
    self.cohort = cohort
  }

  /// Whether there is no evidence at all.
  public var isEmpty: Bool { days.isEmpty && baseline.isEmpty }

  /// Merges an observation and returns whether anything changed.
  ///
  /// An observation without scores is no evidence and changes nothing, not even the cohort.
  @discardableResult
  public mutating func merge(_ observation: Observation) -> Bool {
    !mergeParts(of: observation).isEmpty
  }

  /// Merges an observation and returns the parts of it that were merged.
  mutating func mergeParts(of observation: Observation) -> MergedParts {
    guard !observation.scores.isEmpty else { return [] }
    var merged: MergedParts = []
    let day = observation.day
    let index = day < cutoff ? nil : index(for: day)
    for (component, score) in observation.scores {
      let evidence = observation.evidence(score)
      let isLater =
        if let index {
          days[index].latest.supersede(component, with: evidence)
        } else {
          baseline.supersede(component, with: evidence)
        }
      if isLater { merged.insert(.component(component)) }
    }
    if let membership = observation.membership, cohort.map({ $0 < membership }) ?? true {
      cohort = membership
      merged.insert(.cohort)
    }
    return merged
  }

  /// Raises the cutoff to `cutoff` and folds the days before it into the baseline; a lower cutoff changes nothing.
  public mutating func raise(cutoff: Day) {
    guard cutoff > self.cutoff else { return }
    self.cutoff = cutoff
    let kept = days.firstIndex { $0.day >= cutoff } ?? days.endIndex
    for folded in days[..<kept] { baseline.supersede(with: folded.latest) }
    days.removeSubrange(..<kept)
  }

  /// Whether one of the given parts of an observation is current: on its day, in the baseline, or as the cohort.
  func holds(_ parts: MergedParts, of observation: Observation) -> Bool {
    if parts.contains(.cohort), cohort == observation.membership { return true }
    let day = observation.day
    let slots: ComponentValues<Evidence>
    if day < cutoff {
      slots = baseline
    } else {
      let index = firstIndex(notBefore: day)
      guard index < days.endIndex, days[index].day == day else { return false }
      slots = days[index].latest
    }
    return observation.scores.contains { component, score in
      parts.contains(.component(component)) && slots[component] == observation.evidence(score)
    }
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
}
