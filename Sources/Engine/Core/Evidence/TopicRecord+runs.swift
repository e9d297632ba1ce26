extension TopicRecord {
  /// The evidence of each component up to the end of `day`, or now if no day is given, visited day by day.
  func runs(asOf day: Day? = nil) -> ComponentValues<ScoreRun> {
    var runs = earlierRuns(asOf: day)
    for index in 0..<end(asOf: day) { add(day: index, to: &runs) }
    return runs
  }

  /// The runs up to the cutoff.
  func earlierRuns(asOf day: Day? = nil) -> ComponentValues<ScoreRun> {
    var runs = ComponentValues<ScoreRun>()
    baseline.visit { component, earlier in
      for (position, evidence) in [(Self.beforePosition, earlier.before), (Self.latestPosition, earlier.latest)] {
        guard let evidence, !evidence.isRetracted else { continue }
        if let day, evidence.day > day { continue }
        add(position, evidence.day, evidence.timestamp, evidence.score, of: component, to: &runs[component])
      }
    }
    return runs
  }

  /// Adds the evidence of the day at an index to runs.
  ///
  /// Each field is read by itself, because a whole piece of evidence would be copied with its names.
  func add(day index: Int, to runs: inout ComponentValues<ScoreRun>) {
    let day = days[index].day
    if days[index].latest.completion?.isRetracted == false, let timestamp = days[index].latest.completion?.timestamp,
      let score = days[index].latest.completion?.score
    {
      add(index, day, timestamp, score, of: .completion, to: &runs.completion)
    }
    if days[index].latest.quiz?.isRetracted == false, let timestamp = days[index].latest.quiz?.timestamp,
      let score = days[index].latest.quiz?.score
    {
      add(index, day, timestamp, score, of: .quiz, to: &runs.quiz)
    }
    if days[index].latest.quality?.isRetracted == false, let timestamp = days[index].latest.quality?.timestamp,
      let score = days[index].latest.quality?.score
    {
      add(index, day, timestamp, score, of: .quality, to: &runs.quality)
    }
    if days[index].latest.consistency?.isRetracted == false, let timestamp = days[index].latest.consistency?.timestamp,
      let score = days[index].latest.consistency?.score
    {
      add(index, day, timestamp, score, of: .consistency, to: &runs.consistency)
    }
  }

  /// The evidence at a position: the index of its day, or one of the two positions before the cutoff.
  func evidence(of component: Component, at position: Int) -> Evidence? {
    switch position {
    case Self.latestPosition: baseline[component]?.latest
    case Self.beforePosition: baseline[component]?.before
    default: days[position].latest[component]
    }
  }

  private static let latestPosition = -1
  private static let beforePosition = -2

  private func add(
    _ position: Int, _ day: Day, _ timestamp: Timestamp, _ score: Score, of component: Component, to run: inout ScoreRun?
  ) {
    guard let known = run?.latest else {
      run = ScoreRun(position, day, timestamp, score)
      return
    }
    run?.add(position, day, timestamp, score, isLater: isLater(position, than: known, component))
  }

  private func isLater(_ position: Int, than other: Int, _ component: Component) -> Bool {
    guard let evidence = evidence(of: component, at: position), let other = self.evidence(of: component, at: other) else { return false }
    return other < evidence
  }
}

extension ComponentValues where Value == ScoreRun {
  /// What the evidence of each component comes to.
  func scores(by scoring: Scoring) -> ComponentValues<Score> {
    ComponentValues<Score>(
      completion: completion?.score(by: .latest), quiz: quiz?.score(by: scoring), quality: quality?.score(by: scoring),
      consistency: consistency?.score(by: .latest))
  }
}
