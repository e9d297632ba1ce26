/// The evidence of one component of one topic, visited day by day, and what it comes to.
///
/// It holds scores and no evidence: there are runs of each component for each day of each history.
struct ScoreRun {
  /// The position of the latest evidence so far, by `TopicRecord.evidence(of:at:)`.
  private(set) var latest: Int
  /// The day of the latest evidence so far.
  private(set) var latestDay: Day
  /// The number of days so far.
  private(set) var days = 1
  private var timestamp: Timestamp
  private var score: Score
  private var sum: Double
  private var highest: Score

  /// Begins with the first evidence, which was not taken back.
  init(_ position: Int, _ day: Day, _ timestamp: Timestamp, _ score: Score) {
    latest = position
    latestDay = day
    self.timestamp = timestamp
    self.score = score
    sum = score.value
    highest = score
  }

  /// Adds the evidence of another day, which was not taken back.
  ///
  /// That of a later day is the latest, unless the days are of clocks that were changed between them.
  ///
  /// - Parameters:
  ///   - position: Its position.
  ///   - day: Its day.
  ///   - timestamp: Its time.
  ///   - score: Its score.
  ///   - isLater: Whether it is later than the latest one so far, asked where both have the same time.
  mutating func add(_ position: Int, _ day: Day, _ timestamp: Timestamp, _ score: Score, isLater: @autoclosure () -> Bool) {
    days += 1
    sum += score.value
    highest = max(highest, score)
    guard self.timestamp < timestamp || self.timestamp == timestamp && isLater() else { return }
    latest = position
    latestDay = day
    self.timestamp = timestamp
    self.score = score
  }

  /// What the days come to by a rule.
  func score(by rule: Scoring) -> Score {
    switch rule {
    case .latest: return score
    case .highest: return highest
    case .decayingAverage:
      guard days > 1 else { return score }
      let mean = (sum - score.value) / Double(days - 1)
      return Score(clamping: Scoring.latestShare * score.value + (1 - Scoring.latestShare) * mean)
    }
  }
}
