/// Where the score of a component comes from, in one sentence for teachers.
///
/// "8 of 10 questions right at the second attempt, 2 days ago: 0.76; mean of 3 topics: 0.81."
public struct Explanation: Hashable, Sendable {
  /// The sentence.
  public let sentence: String
  /// Where the latest evidence behind the score comes from; nil for a derived or a missing one.
  public let origin: Origin?

  /// Where evidence comes from.
  public struct Origin: Hashable, Sendable {
    /// The event.
    public let event: EventID
    /// The event's own time.
    public let timestamp: Timestamp
    /// The system that sent it, if named.
    public let source: SourceName?

    fileprivate init(_ evidence: Evidence) { (event, timestamp, source) = (evidence.event, evidence.timestamp, evidence.source) }
  }

  /// Explains the score of each component of a student or of some courses.
  ///
  /// - Parameters:
  ///   - record: The evidence.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - today: The day at whose end the scores are seen.
  ///   - isPast: Whether that day is over, so that what came after it does not count.
  /// - Returns: An explanation of each of the four.
  public static func all(
    in record: EvidenceRecord, _ scope: EvidenceScope = .student, today: Day, isPast: Bool = false
  ) -> ComponentValues<Self> {
    let day = isPast ? today : nil
    // One for each component, in order; runs are large, and not worth keeping for each topic.
    var found = Component.allCases.map { _ in Found() }
    var means = TopicMeans()
    for index in record.indices(of: scope) {
      let runs = record.topics[index].runs(asOf: day)
      means.add(runs.scores(by: record.scoring), of: record.topics[index].topic)
      for (place, component) in Component.allCases.enumerated() {
        found[place].add(runs[component], of: component, in: record.topics[index])
      }
    }
    let components = means.scores
    var explained = ComponentValues<Self>()
    for (place, component) in Component.allCases.enumerated() {
      explained[component] =
        Self(found[place], by: record.scoring.rule(for: component), mean: components[component], today, isPast)
        ?? (component == .consistency ? Self(record.activeDays(of: scope, asOf: day), today, isPast) : nil)
        ?? Self(sentence: nothing, origin: nil)
    }
    return explained
  }

  /// The evidence of a component in all topics.
  private struct Found {
    /// The topics that have some.
    var topics: [CourseTopic] = []
    /// The latest of all, and the run that it ends.
    var latest: (evidence: Evidence, run: ScoreRun)?

    mutating func add(_ run: ScoreRun?, of component: Component, in topic: TopicRecord) {
      guard let run, let evidence = topic.evidence(of: component, at: run.latest) else { return }
      topics.append(topic.topic)
      if let latest, evidence < latest.evidence { return }
      latest = (evidence, run)
    }
  }

  private init?(_ found: Found, by rule: Scoring, mean: Score?, _ today: Day, _ isPast: Bool) {
    guard let (evidence, run) = found.latest else { return nil }
    var sentence = SentenceWriter()
    sentence.append(evidence.content)
    sentence.append(", ")
    sentence.append(run.latestDay, asOf: today, isPast: isPast)
    sentence.append(result: evidence.score.value)
    if rule != .latest, run.days > 1 {
      if rule == .highest {
        sentence.append("; the highest of ")
        sentence.append(run.days, "day")
        sentence.append(" with evidence")
      } else {
        sentence.append("; with ")
        sentence.append(run.days - 1, "earlier day")
      }
      sentence.append(result: run.score(by: rule).value)
    }
    if found.topics.count > 1 {
      sentence.append("; mean of ")
      sentence.append(found.topics)
      sentence.append(result: mean?.value ?? 0)
    }
    self.init(sentence: sentence.end(), origin: Origin(evidence))
  }

  private init(sentence: String, origin: Origin?) {
    self.sentence = sentence
    self.origin = origin
  }

  /// Explains the score of evidence that was given with the question; nil if there was none.
  public init(of content: EvidenceContent?) {
    guard let content else {
      self.init(sentence: Self.nothing, origin: nil)
      return
    }
    var sentence = SentenceWriter()
    sentence.append(content)
    sentence.append(result: content.score.value)
    self.init(sentence: sentence.end(), origin: nil)
  }

  private static let nothing = "There is no evidence yet; it counts as 0."
}

extension SentenceWriter {
  /// Appends what a part of an explanation comes to.
  fileprivate mutating func append(result: Double) {
    append(": ")
    append(result)
  }

  /// Appends a number of things.
  fileprivate mutating func append(_ number: Int, _ what: StaticString) {
    append(number)
    append(" ")
    append(what)
    if number != 1 { append("s") }
  }

  /// Appends how long ago a day was, seen from today or from the end of an earlier day.
  fileprivate mutating func append(_ day: Day, asOf today: Day, isPast: Bool) {
    switch day.distance(to: today) {
    case ..<1: append(isPast ? "on that day" : "today")
    case 1: append(isPast ? "the day before" : "yesterday")
    case let days:
      append(days, "day")
      append(isPast ? " before" : " ago")
    }
  }

  /// Appends what a mean was taken over.
  fileprivate mutating func append(_ topics: [CourseTopic]) {
    let courses = Set(topics.map(\.course))
    guard courses.count > 1 else { return append(topics.count, lacksOne: topics.contains { $0.topic == nil }, "topic") }
    append(courses.count, lacksOne: courses.contains(nil), "course")
    guard courses.count < topics.count else { return }
    append(", of ")
    append(topics.count)
    append(" topics in all")
  }

  /// Appends a number of courses or topics, one of which may stand for the evidence that belongs to none.
  private mutating func append(_ number: Int, lacksOne: Bool, _ what: StaticString) {
    append(lacksOne ? number - 1 : number, what)
    if lacksOne { append(" and what belongs to none") }
  }

  /// Appends what evidence says.
  fileprivate mutating func append(_ content: EvidenceContent) {
    switch content {
    case .completion(let evidence):
      append(evidence.completedExercises)
      append(" of ")
      append(evidence.totalExercises)
      append(" exercises completed")
      guard evidence.difficulty != .intermediate else { return }
      append(" at level ")
      append(text: evidence.difficulty.rawValue)
    case .quiz(let evidence):
      append(evidence.correctAnswers)
      append(" of ")
      append(evidence.totalQuestions)
      append(" questions right")
      if let time = evidence.timeSpent {
        append(" in ")
        append(time)
        append(" s")
      }
      if let attempts = evidence.attempts { append(attempt: attempts) }
    case .quality(let evidence): append(evidence.judgements)
    case .consistency(let evidence):
      append("A streak of ")
      append(evidence.currentStreak, "day")
      append(", the longest ")
      append(evidence.maxStreak)
      guard evidence.daysSinceLastActivity > 0 else { return }
      append(", ")
      if evidence.daysSinceLastActivity == 1 {
        append("a day")
      } else {
        append(evidence.daysSinceLastActivity)
        append(" days")
      }
      append(" after the last activity")
    case .given: append("Given as a score")
    case .retracted: append("Taken back")
    }
  }

  private mutating func append(_ judgements: [(name: String, value: Double)]) {
    for (place, judgement) in judgements.enumerated() {
      if place > 0 { append(place < judgements.count - 1 ? ", " : " and ") }
      append(judged: judgement.name, isFirst: place == 0)
      append(place == 0 ? " judged " : " ")
      append(judgement.value)
    }
    if judgements.count > 1 { append(", on average") }
  }

  private mutating func append(judged field: String, isFirst: Bool) {
    switch field {
    case "code_quality_score": append(isFirst ? "Code quality" : "code quality")
    case "correctness_score": append(isFirst ? "Correctness" : "correctness")
    case "efficiency_score": append(isFirst ? "Efficiency" : "efficiency")
    default: append(isFirst ? "Peer review" : "peer review")
    }
  }

  private mutating func append(attempt number: Int) {
    switch number {
    case 1: append(" at the first attempt")
    case 2: append(" at the second attempt")
    case 3: append(" at the third attempt")
    case 4: append(" at the fourth attempt")
    case 5: append(" at the fifth attempt")
    default:
      append(" at attempt ")
      append(number)
    }
  }
}

extension Explanation {
  /// What derived consistency comes from; nil without an active day.
  private init?(_ active: ActiveDays, _ today: Day, _ isPast: Bool) {
    guard let consistency = active.consistency, let lastDay = active.lastDay else { return nil }
    var sentence = SentenceWriter()
    sentence.append("Derived from the active days: a streak of ")
    sentence.append(active.streak, "day")
    if active.skipped > 0 {
      sentence.append(" after ")
      if active.skipped == 1 { sentence.append("a day") } else { sentence.append(active.skipped, "day") }
      sentence.append(" without")
    }
    sentence.append(", the longest ")
    sentence.append(active.longest)
    sentence.append(", the last active day ")
    sentence.append(lastDay, asOf: today, isPast: isPast)
    sentence.append(result: consistency.value)
    self.init(sentence: sentence.end(), origin: nil)
  }
}
