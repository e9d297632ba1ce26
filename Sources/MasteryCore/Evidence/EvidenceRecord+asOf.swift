extension EvidenceRecord {
  /// The evidence in force at the end of `day`, or now where no day is given.
  ///
  /// What was in force before the cut is known as far as the baseline tells.
  public func latest(asOf day: Day? = nil) -> ComponentValues<Evidence> {
    let end = end(asOf: day)
    let found = ComponentValues(
      completion: last(before: end) { $0.completion }, quiz: last(before: end) { $0.quiz }, quality: last(before: end) { $0.quality },
      consistency: last(before: end) { $0.consistency })
    if found.missing.isEmpty { return found }
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
      scores.consistency = activeDays(before: end(asOf: day)).consistency
    }
    return scores
  }

  /// What the scores in force at the end of `day`, or now, come to.
  public func mastery(asOf day: Day? = nil) -> Mastery { Mastery(components: components(asOf: day)) }

  /// The active days at the places up to `end`.
  ///
  /// Places are counted, here and below, as a loop over the days would copy each with all that its evidence holds.
  func activeDays(before end: Int) -> ActiveDays {
    var active = ActiveDays()
    for index in days.startIndex..<end { active.append(days[index].day) }
    return active
  }

  /// The last evidence of one component at the places up to `end`.
  private func last(before end: Int, _ component: (borrowing ComponentValues<Evidence>) -> Evidence?) -> Evidence? {
    for index in (days.startIndex..<end).reversed() {
      if let evidence = component(days[index].latest) { return evidence }
    }
    return nil
  }

  private func end(asOf day: Day?) -> Int {
    day.map { firstIndex(notBefore: $0.advanced(by: 1)) } ?? days.endIndex
  }
}
