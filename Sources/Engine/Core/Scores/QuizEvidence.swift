import Glibc

/// A student's result in one quiz.
public struct QuizEvidence: Hashable, Sendable {
  /// Number of questions, at least 1.
  public let totalQuestions: Int
  /// Number of correct answers.
  public let correctAnswers: Int
  /// Seconds that the student took, if known.
  public var timeSpent: Double? { Held.number(seconds) }
  /// Number of the attempt, at least 1, if known.
  public var attempts: Int? { attempt > 0 ? attempt : nil }

  private let seconds: Double
  private let attempt: Int

  /// Creates evidence from the figures in an event or request.
  ///
  /// - Throws: `OutOfRange` unless there is at least 1 question, the correct answers are between 0 and the total, the time is finite and
  ///   not negative, and the attempts are at least 1.
  public init(totalQuestions: Int, correctAnswers: Int, timeSpent: Double? = nil, attempts: Int? = nil) throws(OutOfRange) {
    try OutOfRange.unless(totalQuestions >= 1, "total_questions", totalQuestions, "an integer of at least 1")
    try OutOfRange.unless(
      (0...totalQuestions).contains(correctAnswers), "correct_answers", correctAnswers, "an integer from 0 to total_questions")
    if let timeSpent {
      try OutOfRange.unless(timeSpent >= 0 && timeSpent.isFinite, "time_spent", timeSpent, "a number of seconds, 0 or more")
    }
    if let attempts { try OutOfRange.unless(attempts >= 1, "attempts", attempts, "an integer of at least 1") }
    self.totalQuestions = totalQuestions
    self.correctAnswers = correctAnswers
    seconds = Held.held(timeSpent)
    attempt = attempts ?? 0
  }

  /// The share of correct answers, times a factor for how far it can be trusted.
  public var score: Score {
    Score(clamping: Double(correctAnswers) / Double(totalQuestions) * timeFactor * attemptFactor)
  }

  /// 1 from 5 seconds a question on, falling linearly to 0.8 at 0 seconds: answers faster than reading are guesses.
  private var timeFactor: Double {
    guard let timeSpent else { return 1 }
    return 0.8 + 0.2 * min(timeSpent / Double(totalQuestions) / 5, 1)
  }

  private var attemptFactor: Double {
    guard let attempts else { return 1 }
    return max(pow(0.95, Double(attempts - 1)), 0.7)
  }
}
