extension EvidenceRecord {
  /// The current evidence at the end of `day`, or now if no day is given.
  ///
  /// For days before the cutoff, only the baseline is known.
  public func latest(asOf day: Day? = nil) -> ComponentValues<Evidence> {
    let (end, before) = (end(asOf: day), baseline(asOf: day))
    return ComponentValues(
      completion: inForce(end, before) { $0.completion }, quiz: inForce(end, before) { $0.quiz },
      quality: inForce(end, before) { $0.quality }, consistency: inForce(end, before) { $0.consistency })
  }

  /// The current scores at the end of `day`, or now if no day is given.
  ///
  /// Without consistency evidence up to then, consistency is derived from the days with evidence since the cutoff; without such a day it is
  /// missing.
  public func components(asOf day: Day? = nil) -> ComponentValues<Score> {
    let (end, before) = (end(asOf: day), baseline(asOf: day))
    return ComponentValues(
      completion: inForce(end, before) { $0.completion }?.score, quiz: inForce(end, before) { $0.quiz }?.score,
      quality: inForce(end, before) { $0.quality }?.score,
      consistency: inForce(end, before) { $0.consistency }?.score ?? activeDays(before: end).consistency)
  }

  /// The mastery at the end of `day`, or now if no day is given.
  public func mastery(asOf day: Day? = nil) -> Mastery { Mastery(components: components(asOf: day)) }

  /// The active days among the indices before `end`.
  ///
  /// This loop and those below use indices because iterating over the days would copy each of them with all its evidence.
  func activeDays(before end: Int) -> ActiveDays {
    var active = ActiveDays()
    for index in days.startIndex..<end { active.append(days[index].day, days[index].offset) }
    return active
  }

  /// The days by which an earlier moment may count for a later day, if the clocks were changed in between: offsets differ by 26 hours at most.
  private static let overlap = 2

  /// The latest evidence of one component among the indices before `end` and the baseline.
  private func inForce(
    _ end: Int, _ before: ComponentValues<Evidence>, _ value: (ComponentValues<Evidence>) -> Evidence?
  ) -> Evidence? {
    var latest: Evidence?
    var first = Day(number: .min)
    for index in (days.startIndex..<end).reversed() {
      guard days[index].day >= first else { return latest }
      guard let found = value(days[index].latest) else { continue }
      if latest == nil { first = days[index].day.advanced(by: -Self.overlap) }
      latest = latest.map { max($0, found) } ?? found
    }
    guard cutoff > first, let found = value(before) else { return latest }
    return latest.map { max($0, found) } ?? found
  }

  /// The baseline as known at the end of `day`, or now if no day is given.
  private func baseline(asOf day: Day?) -> ComponentValues<Evidence> {
    guard let day, day < cutoff else { return baseline }
    var before = baseline
    for (component, evidence) in baseline where evidence.day > day { before[component] = nil }
    return before
  }

  private func end(asOf day: Day?) -> Int {
    day.map { firstIndex(notBefore: $0.advanced(by: 1)) } ?? days.endIndex
  }
}
