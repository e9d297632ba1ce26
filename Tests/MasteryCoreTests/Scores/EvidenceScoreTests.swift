import MasteryCore
import Testing

@Suite("Scores of evidence objects")
struct EvidenceScoreTests {
  @Test(
    "Completion is the share done, multiplied by the difficulty, and at most 1",
    arguments: [
      (10, 7, Difficulty.intermediate, 0.7), (10, 5, .beginner, 0.4), (10, 5, .advanced, 0.6), (10, 9, .advanced, 1), (4, 0, .advanced, 0),
      (1, 1, .beginner, 0.8),
    ] as [(Int, Int, Difficulty, Double)])
  func completion(total: Int, done: Int, difficulty: Difficulty, expected: Double) throws {
    let evidence = try CompletionEvidence(totalExercises: total, completedExercises: done, difficulty: difficulty)
    #expect(abs(evidence.score.value - expected) < 1e-12)
  }

  @Test(
    "A quiz is the share of correct answers, multiplied by the factors of time and attempts",
    arguments: [
      (10, 8, nil, nil, 0.8), (10, 10, 50.0, nil, 1), (10, 10, 25.0, nil, 0.9), (10, 10, 0.0, nil, 0.8), (10, 10, 900.0, nil, 1),
      (10, 10, nil, 1, 1), (10, 10, nil, 2, 0.95), (10, 10, nil, 3, 0.9025), (10, 10, nil, 7, 0.735_091_890_625), (10, 10, nil, 8, 0.7),
      (10, 10, nil, Int.max, 0.7), (20, 10, 60.0, 2, 0.5 * 0.92 * 0.95), (3, 0, 1.0, 9, 0),
    ] as [(Int, Int, Double?, Int?, Double)])
  func quiz(total: Int, correct: Int, seconds: Double?, attempts: Int?, expected: Double) throws {
    let evidence = try QuizEvidence(totalQuestions: total, correctAnswers: correct, timeSpent: seconds, attempts: attempts)
    #expect(abs(evidence.score.value - expected) < 1e-12)
  }

  @Test("Quality is the mean of the given scores")
  func quality() throws {
    #expect(try QualityEvidence(codeQualityScore: 0.9).score.value == 0.9)
    #expect(try QualityEvidence(correctnessScore: 0.5, peerReviewScore: 1).score.value == 0.75)
    let all = try QualityEvidence(codeQualityScore: 0.2, correctnessScore: 0.4, efficiencyScore: 0.6, peerReviewScore: 1)
    #expect(abs(all.score.value - 0.55) < 1e-12)
  }

  @Test(
    "Consistency is the streak's share of the longest, a tenth less for each idle day",
    arguments: [
      (5, 10, 0.0, 0.5), (5, 10, 1.0, 0.45), (10, 10, 3.0, 0.729), (0, 0, 0.0, 0), (0, 0, 4.0, 0), (0, 7, 0.0, 0), (3, 3, 1e9, 0),
    ] as [(Int, Int, Double, Double)])
  func consistency(current: Int, longest: Int, idle: Double, expected: Double) throws {
    let evidence = try ConsistencyEvidence(currentStreak: current, maxStreak: longest, daysSinceLastActivity: idle)
    #expect(abs(evidence.score.value - expected) < 1e-12)
  }

  @Test("A value out of range is refused with its field's name, the value and the constraint")
  func refusals() {
    #expect(throws: OutOfRange(field: "total_exercises", value: "0", constraint: "an integer of at least 1")) {
      try CompletionEvidence(totalExercises: 0, completedExercises: 0)
    }
    for done in [-1, 4] {
      #expect(throws: OutOfRange(field: "completed_exercises", value: "\(done)", constraint: "an integer from 0 to total_exercises")) {
        try CompletionEvidence(totalExercises: 3, completedExercises: done)
      }
      #expect(throws: OutOfRange(field: "correct_answers", value: "\(done)", constraint: "an integer from 0 to total_questions")) {
        try QuizEvidence(totalQuestions: 3, correctAnswers: done)
      }
      #expect(throws: OutOfRange(field: "current_streak", value: "\(done)", constraint: "an integer from 0 to max_streak")) {
        try ConsistencyEvidence(currentStreak: done, maxStreak: 3, daysSinceLastActivity: 0)
      }
    }
    #expect(throws: OutOfRange(field: "total_questions", value: "-5", constraint: "an integer of at least 1")) {
      try QuizEvidence(totalQuestions: -5, correctAnswers: 0)
    }
    for (seconds, text) in [(-0.5, "-0.5"), (.infinity, "inf"), (.nan, "nan")] as [(Double, String)] {
      #expect(throws: OutOfRange(field: "time_spent", value: text, constraint: "a number of seconds, 0 or more")) {
        try QuizEvidence(totalQuestions: 1, correctAnswers: 0, timeSpent: seconds)
      }
      #expect(throws: OutOfRange(field: "days_since_last_activity", value: text, constraint: "a number of days, 0 or more")) {
        try ConsistencyEvidence(currentStreak: 0, maxStreak: 0, daysSinceLastActivity: seconds)
      }
    }
    #expect(throws: OutOfRange(field: "attempts", value: "0", constraint: "an integer of at least 1")) {
      try QuizEvidence(totalQuestions: 1, correctAnswers: 0, attempts: 0)
    }
    #expect(throws: OutOfRange(field: "max_streak", value: "-1", constraint: "an integer of at least 0")) {
      try ConsistencyEvidence(currentStreak: 0, maxStreak: -1, daysSinceLastActivity: 0)
    }
    let choice = "at least one of code_quality_score, correctness_score, efficiency_score, peer_review_score"
    #expect(throws: OutOfRange(field: "code_quality_score", value: "", constraint: choice)) { try QualityEvidence() }
    #expect(throws: OutOfRange(field: "efficiency_score", value: "1.1", constraint: "a number from 0 to 1")) {
      try QualityEvidence(correctnessScore: 1, efficiencyScore: 1.1)
    }
    #expect(throws: OutOfRange(field: "peer_review_score", value: "nan", constraint: "a number from 0 to 1")) {
      try QualityEvidence(peerReviewScore: .nan)
    }
  }
}
