/// Where the score of a component comes from, in one sentence for teachers.
///
/// "8 of 10 questions right at the second attempt, 2 days ago: 0.76; mean of 3 topics: 0.81."
public struct Explanation: Hashable, Sendable {
  /// The sentence.
  public let sentence: String
  /// The latest evidence behind the score; nil for a derived or a missing one.
  public let evidence: Evidence?

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
    let topics = record.indices(of: scope).map { (topic: record.topics[$0], runs: record.topics[$0].runs(asOf: day)) }
    var means = TopicMeans()
    for (topic, runs) in topics { means.add(runs.scores(by: record.scoring), of: topic.topic) }
    let components = means.scores
    return ComponentValues { component in
      let parts = topics.compactMap { topic, runs in
        runs[component].flatMap { run in
          topic.evidence(of: component, at: run.latest).map { Part(topic: topic.topic, run: run, latest: $0) }
        }
      }
      if let explained = Self(parts, by: record.scoring.rule(for: component), mean: components[component], today, isPast) {
        return explained
      }
      let active = component == .consistency ? record.activeDays(of: scope, asOf: day) : ActiveDays()
      return Self(
        sentence: active.words { words($0, asOf: today, isPast: isPast) }.map { "\($0)." } ?? nothing, evidence: nil)
    }
  }

  /// The evidence of a component in one topic.
  private struct Part {
    let topic: CourseTopic
    let run: ScoreRun
    let latest: Evidence
  }

  private init?(_ parts: [Part], by rule: Scoring, mean: Score?, _ today: Day, _ isPast: Bool) {
    guard let latest = parts.max(by: { $0.latest < $1.latest }) else { return nil }
    var sentence = ""
    // One sentence is one piece of memory.
    sentence.reserveCapacity(Self.usualLength)
    latest.latest.content.append(to: &sentence)
    sentence.append(", ")
    sentence.append(Self.words(latest.run.latestDay, asOf: today, isPast: isPast))
    sentence.append(result: latest.latest.score.value)
    if rule != .latest, latest.run.days > 1 {
      sentence.append(
        rule == .highest
          ? "; the highest of \(latest.run.days) days with evidence" : "; with \(Self.count(latest.run.days - 1, "earlier day"))")
      sentence.append(result: latest.run.score(by: rule).value)
    }
    if parts.count > 1 {
      sentence.append("; mean of \(Self.words(parts.map(\.topic)))")
      sentence.append(result: mean?.value ?? 0)
    }
    sentence.append(".")
    self.init(sentence: sentence, evidence: latest.latest)
  }

  private static let usualLength = 120

  private init(sentence: String, evidence: Evidence?) {
    self.sentence = sentence
    self.evidence = evidence
  }

  /// Explains the score of evidence that was given with the question; nil if there was none.
  public init(of content: EvidenceContent?) {
    var sentence = ""
    if let content {
      content.append(to: &sentence)
      sentence.append(result: content.score.value)
      sentence.append(".")
    } else {
      sentence = Self.nothing
    }
    self.init(sentence: sentence, evidence: nil)
  }

  private static let nothing = "There is no evidence yet; it counts as 0."

  /// What a mean was taken over, in words.
  private static func words(_ topics: [CourseTopic]) -> String {
    let courses = Set(topics.map(\.course))
    guard courses.count > 1 else { return words(topics.count, lacksOne: topics.contains { $0.topic == nil }, "topic") }
    let over = words(courses.count, lacksOne: courses.contains(nil), "course")
    return courses.count == topics.count ? over : "\(over), of \(topics.count) topics in all"
  }

  /// A number of courses or topics, one of which may stand for the evidence that belongs to none.
  private static func words(_ number: Int, lacksOne: Bool, _ what: String) -> String {
    lacksOne ? "\(count(number - 1, what)) and what belongs to none" : count(number, what)
  }

  /// A number of things, in words.
  static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

  /// How long ago a day was, seen from today or from the end of an earlier day.
  static func words(_ day: Day, asOf today: Day, isPast: Bool) -> String {
    switch day.distance(to: today) {
    case ..<1: isPast ? "on that day" : "today"
    case 1: isPast ? "the day before" : "yesterday"
    case let days: "\(days) days \(isPast ? "before" : "ago")"
    }
  }
}

extension String {
  /// Appends what a part of an explanation comes to.
  fileprivate mutating func append(result: Double) {
    append(": ")
    append(number: result)
  }

  /// Appends a number that is not negative with at most three decimals, and none that say nothing.
  fileprivate mutating func append(number: Double) {
    let thousandths = Int((Rounding.decimals(3, of: number) * 1_000).rounded())
    append(String(thousandths / 1_000))
    guard thousandths % 1_000 > 0 else { return }
    append(".")
    var (rest, unit) = (thousandths % 1_000, 100)
    while rest > 0 {
      append(String(rest / unit))
      (rest, unit) = (rest % unit, unit / 10)
    }
  }
}

extension EvidenceContent {
  /// Appends what the evidence says, in words.
  fileprivate func append(to text: inout String) {
    switch self {
    case .completion(let evidence):
      text.append(String(evidence.completedExercises))
      text.append(" of ")
      text.append(String(evidence.totalExercises))
      text.append(" exercises completed")
      if evidence.difficulty != .intermediate { text.append(" at level \(evidence.difficulty.rawValue)") }
    case .quiz(let evidence):
      text.append(String(evidence.correctAnswers))
      text.append(" of ")
      text.append(String(evidence.totalQuestions))
      text.append(" questions right")
      if let time = evidence.timeSpent {
        text.append(" in ")
        text.append(number: time)
        text.append(" s")
      }
      if let attempts = evidence.attempts { text.append(Self.attempt(attempts)) }
    case .quality(let evidence): Self.append(evidence.judgements, to: &text)
    case .consistency(let evidence):
      text.append("A streak of \(Explanation.count(evidence.currentStreak, "day")), the longest \(evidence.maxStreak)")
      guard evidence.daysSinceLastActivity > 0 else { return }
      text.append(", ")
      if evidence.daysSinceLastActivity == 1 {
        text.append("a day")
      } else {
        text.append(number: evidence.daysSinceLastActivity)
        text.append(" days")
      }
      text.append(" after the last activity")
    case .given: text.append("Given as a score")
    case .retracted: text.append("Taken back")
    }
  }

  private static func append(_ judgements: [(name: String, value: Double)], to text: inout String) {
    for (place, judgement) in judgements.enumerated() {
      let name = name(of: judgement.name)
      if place == 0 {
        text.append(name.prefix(1).uppercased())
        text.append(contentsOf: name.dropFirst())
        text.append(" judged ")
      } else {
        text.append(place < judgements.count - 1 ? ", " : " and ")
        text.append(name)
        text.append(" ")
      }
      text.append(number: judgement.value)
    }
    if judgements.count > 1 { text.append(", on average") }
  }

  private static func attempt(_ number: Int) -> String {
    let words = ["first", "second", "third", "fourth", "fifth"]
    return words.indices.contains(number - 1) ? " at the \(words[number - 1]) attempt" : " at attempt \(number)"
  }

  private static func name(of field: String) -> String {
    switch field {
    case "code_quality_score": "code quality"
    case "correctness_score": "correctness"
    case "efficiency_score": "efficiency"
    default: "peer review"
    }
  }
}

extension ActiveDays {
  /// What derived consistency comes from, in words; nil without an active day.
  fileprivate func words(age: (Day) -> String) -> String? {
    guard let consistency, let lastDay else { return nil }
    let idle = skipped == 0 ? "" : " after \(skipped == 1 ? "a day" : "\(skipped) days") without"
    var text = "Derived from the active days: a streak of "
    text.append("\(Explanation.count(streak, "day"))\(idle), the longest \(longest), the last active day \(age(lastDay))")
    text.append(result: consistency.value)
    return text
  }
}
