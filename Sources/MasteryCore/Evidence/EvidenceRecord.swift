/// All that is known of a student: per day and component the latest evidence, and per component the latest from before the days kept.
///
/// The record is a join: for the same cut, any order, any duplication and any batching of the same observations give equal records.
public struct EvidenceRecord: Hashable, Sendable {
  /// The first day that is kept day by day; it only rises.
  public private(set) var cut: Day
  /// The days with evidence from the cut on, in order.
  public private(set) var days: [EvidenceDay]
  /// The latest evidence from before the cut, so that the value in force at the cut is known.
  public private(set) var baseline: ComponentValues<Evidence>
  /// The cohort that the latest evidence naming one names.
  public private(set) var cohort: CohortMembership?

  /// A record without evidence.
  public init(cut: Day) {
    self.cut = cut
    days = []
    baseline = ComponentValues()
  }

  /// Takes a stored record, or answers nil where its days are not in order, or days and baseline are not on their sides of the cut.
  public init?(cut: Day, days: [EvidenceDay], baseline: ComponentValues<Evidence>, cohort: CohortMembership?) {
    guard zip(days, days.dropFirst()).allSatisfy({ $0.day < $1.day }), days.first.map({ $0.day >= cut }) ?? true else { return nil }
    guard baseline.allSatisfy({ Day($0.value.timestamp) < cut }) else { return nil }
    self.cut = cut
    self.days = days
    self.baseline = baseline
    self.cohort = cohort
  }

  /// Whether nothing was ever observed.
  public var isEmpty: Bool { days.isEmpty && baseline.isEmpty }

  /// Takes in what an observation says, and tells whether that changed anything.
  ///
  /// An observation without scores is no evidence and changes nothing, the cohort included.
  @discardableResult
  public mutating func merge(_ observation: Observation) -> Bool {
    !mergeParts(of: observation).isEmpty
  }

  /// Takes in what an observation says, and tells which parts of it went in.
  mutating func mergeParts(of observation: Observation) -> MergedParts {
    guard !observation.scores.isEmpty else { return [] }
    var merged: MergedParts = []
    let day = Day(observation.timestamp)
    let index = day < cut ? nil : place(for: day)
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

  /// Lets the cut rise to `cut`, folding the days before it into the baseline; a lower cut changes nothing.
  public mutating func raise(cut: Day) {
    guard cut > self.cut else { return }
    self.cut = cut
    let kept = days.firstIndex { $0.day >= cut } ?? days.endIndex
    for folded in days[..<kept] { baseline.supersede(with: folded.latest) }
    days.removeSubrange(..<kept)
  }

  /// Whether one of the given parts of an observation is in force: on its day, in the baseline, or as the cohort.
  func holds(_ parts: MergedParts, of observation: Observation) -> Bool {
    if parts.contains(.cohort), cohort == observation.membership { return true }
    let day = Day(observation.timestamp)
    let slots: ComponentValues<Evidence>
    if day < cut {
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

  /// The place of `day`, made where it is missing.
  private mutating func place(for day: Day) -> Int {
    let index = firstIndex(notBefore: day)
    if index == days.endIndex || days[index].day != day {
      days.insert(EvidenceDay(checked: day, latest: ComponentValues()), at: index)
    }
    return index
  }

  /// The first place whose day is `day` or later, looked for from the end, where nearly all events belong.
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
