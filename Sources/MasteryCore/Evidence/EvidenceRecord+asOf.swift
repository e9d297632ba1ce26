extension EvidenceRecord {
  /// The evidence in force at the end of `day`, or now where no day is given.
  ///
  /// What was in force before the cut is known as far as the baseline tells.
  public func latest(asOf day: Day? = nil) -> ComponentValues<Evidence> {
    let (end, before) = (end(asOf: day), baseline(asOf: day))
    return ComponentValues(
      completion: inForce(end, before) { $0.completion }, quiz: inForce(end, before) { $0.quiz },
      quality: inForce(end, before) { $0.quality }, consistency: inForce(end, before) { $0.consistency })
  }

  /// The scores in force at the end of `day`, or now where no day is given.
  ///
  /// Where there was no consistency evidence up to then, it is derived from the days with evidence since the cut; without such a day it is
  /// missing.
  public func components(asOf day: Day? = nil) -> ComponentValues<Score> {
    let (end, before) = (end(asOf: day), baseline(asOf: day))
    return ComponentValues(
      completion: inForce(end, before) { $0.completion?.score }, quiz: inForce(end, before) { $0.quiz?.score },
      quality: inForce(end, before) { $0.quality?.score },
      consistency: inForce(end, before) { $0.consistency?.score } ?? activeDays(before: end).consistency)
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

  /// What the last of the places up to `end` says that says something, else what the baseline says.
  private func inForce<Value>(_ end: Int, _ before: ComponentValues<Evidence>, _ value: (ComponentValues<Evidence>) -> Value?) -> Value? {
    for index in (days.startIndex..<end).reversed() {
      if let found = value(days[index].latest) { return found }
    }
    return value(before)
  }

  /// The baseline as far as it was known at the end of `day`, or now.
  private func baseline(asOf day: Day?) -> ComponentValues<Evidence> {
    guard let day, day < cut else { return baseline }
    var before = baseline
    for (component, evidence) in baseline where Day(evidence.timestamp) > day { before[component] = nil }
    return before
  }

  private func end(asOf day: Day?) -> Int {
    day.map { firstIndex(notBefore: $0.advanced(by: 1)) } ?? days.endIndex
  }
}
