/// Where the score of a component comes from, in one sentence for teachers.
///
/// "8 of 10 questions right at the second attempt, 2 days ago: 0.76; mean of 3 topics: 0.81."
public struct Explanation: Hashable, Sendable {
  /// The sentence.
  public let sentence: String
  /// The latest evidence behind the score; nil for a derived or a missing one.
  public let evidence: Evidence?

  /// Explains the score of a component of a student or of some courses.
  ///
  /// - Parameters:
  ///   - component: The component.
  ///   - record: The evidence.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - today: The day at whose end the score is seen.
  ///   - isPast: Whether that day is over, so that what came after it does not count.
  public init(of component: Component, in record: EvidenceRecord, _ scope: EvidenceScope = .student, today: Day, isPast: Bool = false) {
    let day = isPast ? today : nil
    let parts = record.evidence(of: component, in: scope, asOf: day)
    guard let latest = parts.max(by: { $0.run.latest < $1.run.latest }) else {
      evidence = nil
      let active = component == .consistency ? record.activeDays(of: scope, asOf: day) : ActiveDays()
      sentence = active.words(asOf: today).map { "\($0)." } ?? Self.nothing
      return
    }
    let rule = record.scoring.rule(for: component)
    evidence = latest.run.latest
    var words =
      "\(latest.run.latest.content.words), \(Self.words(latest.run.latest.day, asOf: today)): \(Self.text(latest.run.latest.score.value))"
    if rule != .latest, latest.run.days > 1 {
      let days = latest.run.days
      words += rule == .highest ? "; the highest of \(days) days" : "; with the \(days == 2 ? "day" : "\(days - 1) days") before"
      words += ": \(Self.text(latest.run.score(by: rule).value))"
    }
    if parts.count > 1 {
      let score = record.components(of: scope, asOf: day)[component]?.value ?? 0
      words += "; mean of \(Self.words(parts.map(\.topic))): \(Self.text(score))"
    }
    sentence = words + "."
  }

  /// Explains the score of evidence that was given with the question; nil if there was none.
  public init(of content: EvidenceContent?) {
    evidence = nil
    sentence = content.map { "\($0.words): \(Self.text($0.score.value))." } ?? Self.nothing
  }

  private static let nothing = "There is no evidence yet; it counts as 0."

  /// What a mean was taken over, in words.
  private static func words(_ topics: [CourseTopic]) -> String {
    let courses = Set(topics.map(\.course)).count
    if courses == 1 { return "\(topics.count) topics" }
    return courses == topics.count ? "\(courses) courses" : "\(courses) courses with \(topics.count) topics"
  }

  /// How long ago a day was, in words.
  static func words(_ day: Day, asOf today: Day) -> String {
    switch day.distance(to: today) {
    case ..<1: "today"
    case 1: "yesterday"
    case let days: "\(days) days ago"
    }
  }

  /// A number with at most three decimals, and none that say nothing.
  static func text(_ value: Double) -> String {
    let text = "\(Rounding.decimals(3, of: value))"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension EvidenceContent {
  /// What the evidence says, in words.
  fileprivate var words: String {
    switch self {
    case .completion(let evidence):
      let difficulty = evidence.difficulty == .intermediate ? "" : " at level \(evidence.difficulty.rawValue)"
      return "\(evidence.completedExercises) of \(evidence.totalExercises) exercises completed\(difficulty)"
    case .quiz(let evidence):
      let time = evidence.timeSpent.map { " in \(Explanation.text($0)) s" } ?? ""
      return "\(evidence.correctAnswers) of \(evidence.totalQuestions) questions right\(time)\(evidence.attempts.map(Self.attempt) ?? "")"
    case .quality(let evidence):
      let named = evidence.judgements.map { "\(Self.name(of: $0.name)) \(Explanation.text($0.value))" }.joined(separator: ", ")
      return evidence.judgements.count == 1 ? "Judged as \(named)" : "Judged as \(named), on average"
    case .consistency(let evidence):
      let idle = evidence.daysSinceLastActivity
      let since = idle == 0 ? "" : ", \(idle == 1 ? "a day" : "\(Explanation.text(idle)) days") after the last activity"
      return "A streak of \(evidence.currentStreak) out of at most \(evidence.maxStreak) days\(since)"
    case .given: return "Given as a score"
    case .retracted: return "Taken back"
    }
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
  fileprivate func words(asOf today: Day) -> String? {
    guard let consistency, let lastDay else { return nil }
    let skipped = skipped == 0 ? "" : ", after \(skipped == 1 ? "a day" : "\(skipped) days") without"
    return "Derived from the active days: a streak of \(streak) out of at most \(longest)\(skipped), the last of them "
      + "\(Explanation.words(lastDay, asOf: today)): \(Explanation.text(consistency.value))"
  }
}
