/// What one piece of evidence is made of, so that its score can be explained, and worked out anew when a rule changes.
public enum EvidenceContent: Hashable, Sendable {
  /// Exercises that were done.
  case completion(CompletionEvidence)
  /// A quiz that was answered.
  case quiz(QuizEvidence)
  /// Work that was judged.
  case quality(QualityEvidence)
  /// Streaks that another service counted.
  case consistency(ConsistencyEvidence)
  /// A score that was given as a number.
  case given(Score)
  /// Nothing any more: what the event said before is taken back.
  case retracted

  /// The score by the rule of the component; 0 for evidence that was taken back, which never counts.
  public var score: Score {
    switch self {
    case .completion(let evidence): evidence.score
    case .quiz(let evidence): evidence.score
    case .quality(let evidence): evidence.score
    case .consistency(let evidence): evidence.score
    case .given(let score): score
    case .retracted: .zero
    }
  }

  /// Whether it only says that what was there is taken back.
  var isRetracted: Bool { if case .retracted = self { true } else { false } }

  /// The number of exercises, questions or judgements.
  public var items: Int {
    switch self {
    case .completion(let evidence): evidence.totalExercises
    case .quiz(let evidence): evidence.totalQuestions
    case .quality(let evidence): evidence.judgements.count
    case .consistency, .given: 1
    case .retracted: 0
    }
  }

  /// The place among the kinds, for evidence of the same score.
  private var kind: Int {
    switch self {
    case .given: 0
    case .completion: 1
    case .quiz: 2
    case .quality: 3
    case .consistency: 4
    case .retracted: 5
    }
  }

  /// Whether `left` comes before `right` in a total order: by whether it is taken back, by score, by kind, by figures.
  static func isBefore(_ left: Self, _ right: Self) -> Bool {
    if left.isRetracted != right.isRetracted { return right.isRetracted }
    let (leftScore, rightScore) = (left.score, right.score)
    if leftScore != rightScore { return leftScore < rightScore }
    switch (left, right) {
    case (.completion(let left), .completion(let right)):
      return (left.totalExercises, left.completedExercises, left.difficulty.factor)
        < (right.totalExercises, right.completedExercises, right.difficulty.factor)
    case (.quiz(let left), .quiz(let right)):
      return (left.totalQuestions, left.correctAnswers, left.timeSpent ?? -1, left.attempts ?? 0)
        < (right.totalQuestions, right.correctAnswers, right.timeSpent ?? -1, right.attempts ?? 0)
    case (.quality(let left), .quality(let right)):
      return left.judgements.lexicographicallyPrecedes(right.judgements) { ($0.name, $0.value) < ($1.name, $1.value) }
    case (.consistency(let left), .consistency(let right)):
      return (left.currentStreak, left.maxStreak, left.daysSinceLastActivity)
        < (right.currentStreak, right.maxStreak, right.daysSinceLastActivity)
    default: return left.kind < right.kind
    }
  }
}
