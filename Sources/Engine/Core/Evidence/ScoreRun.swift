/// The evidence of one component of one topic, visited day by day, and what it comes to.
struct ScoreRun {
  /// The latest evidence so far.
  private(set) var latest: Evidence
  /// The number of days so far.
  private(set) var days = 1
  private var sum: Double
  private var highest: Score

  /// Begins with the first evidence, which was not taken back.
  init(_ first: Evidence) {
    latest = first
    highest = first.score
    sum = first.score.value
  }

  /// Begins with what is known from before the cutoff at the end of `day`, or now if no day is given; nil if that is nothing.
  init?(_ earlier: EarlierEvidence?, asOf day: Day? = nil) {
    guard let earlier else { return nil }
    let known = [earlier.before, earlier.latest].compactMap { (evidence) -> Evidence? in
      guard let evidence, !evidence.isRetracted else { return nil }
      if let day, evidence.day > day { return nil }
      return evidence
    }
    guard let first = known.first else { return nil }
    self.init(first)
    for evidence in known.dropFirst() { add(evidence) }
  }

  /// Adds the evidence of another day; what was taken back does not count.
  ///
  /// That of a later day is the latest, unless the days are of clocks that were changed between them.
  mutating func add(_ evidence: Evidence) {
    guard !evidence.isRetracted else { return }
    let score = evidence.score
    days += 1
    sum += score.value
    highest = max(highest, score)
    if latest < evidence { latest = evidence }
  }

  /// What the days come to by a rule.
  func score(by rule: Scoring) -> Score {
    switch rule {
    case .latest: return latest.score
    case .highest: return highest
    case .decayingAverage:
      guard days > 1 else { return latest.score }
      let mean = (sum - latest.score.value) / Double(days - 1)
      return Score(clamping: Scoring.latestShare * latest.score.value + (1 - Scoring.latestShare) * mean)
    }
  }
}
