extension EvidenceRecord {
  /// The evidence in force at the end of `day`, or now where no day is given.
  ///
  /// What was in force before the cut is known as far as the baseline tells.
  public func latest(asOf day: Day? = nil) -> ComponentValues<Evidence> {
    var found = ComponentValues<Evidence>()
    for known in days[..<end(asOf: day)].reversed() {
      found = found.completed(by: known.latest)
      if found.missing.isEmpty { return found }
    }
    var before = baseline
    if let day, day < cut {
      for (component, evidence) in baseline where Day(evidence.timestamp) > day { before[component] = nil }
    }
    return found.completed(by: before)
  }

  /// The scores in force at the end of `day`, or now where no day is given.
  ///
  /// Where there was no consistency evidence up to then, it is derived from the days with evidence since the cut; without such a day it is
  /// missing.
  public func components(asOf day: Day? = nil) -> ComponentValues<Score> {
    var scores = latest(asOf: day).map(\.score)
    if scores.consistency == nil {
      scores.consistency = ActiveDays(days[..<end(asOf: day)].lazy.map(\.day)).consistency
    }
    return scores
  }

  /// What the scores in force at the end of `day`, or now, come to.
  public func mastery(asOf day: Day? = nil) -> Mastery { Mastery(components: components(asOf: day)) }

  private func end(asOf day: Day?) -> Int {
    day.map { firstIndex(notBefore: $0.advanced(by: 1)) } ?? days.endIndex
  }
}
