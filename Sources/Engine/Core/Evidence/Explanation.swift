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
      sentence = active.words { Self.words($0, asOf: today, isPast: isPast) }.map { "\($0)." } ?? Self.nothing
      return
    }
    let rule = record.scoring.rule(for: component)
    evidence = latest.run.latest
    let age = Self.words(latest.run.latest.day, asOf: today, isPast: isPast)
    var words = "\(latest.run.latest.content.words), \(age): \(Self.text(latest.run.latest.score.value))"
    if rule != .latest, latest.run.days > 1 {
      words +=
        rule == .highest
        ? "; the highest of \(latest.run.days) days with evidence" : "; with \(Self.count(latest.run.days - 1, "earlier day"))"
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
      let judged = evidence.judgements.map { (name: Self.name(of: $0.name), value: Explanation.text($0.value)) }
      guard let first = judged.first, let last = judged.last else { return "Judged" }
      let named = "\(first.name.prefix(1).uppercased())\(first.name.dropFirst()) judged \(first.value)"
      let others = judged.dropFirst().dropLast().map { ", \($0.name) \($0.value)" }.joined()
      return judged.count == 1 ? named : "\(named)\(others) and \(last.name) \(last.value), on average"
    case .consistency(let evidence):
      let idle = evidence.daysSinceLastActivity
      let since = idle == 0 ? "" : ", \(idle == 1 ? "a day" : "\(Explanation.text(idle)) days") after the last activity"
      return "A streak of \(Explanation.count(evidence.currentStreak, "day")), the longest \(evidence.maxStreak)\(since)"
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
  fileprivate func words(age: (Day) -> String) -> String? {
    guard let consistency, let lastDay else { return nil }
    let idle = skipped == 0 ? "" : " after \(skipped == 1 ? "a day" : "\(skipped) days") without"
    return
      "Derived from the active days: a streak of \(Explanation.count(streak, "day"))\(idle), the longest \(longest), the last active day "
      + "\(age(lastDay)): \(Explanation.text(consistency.value))"
  }
}
