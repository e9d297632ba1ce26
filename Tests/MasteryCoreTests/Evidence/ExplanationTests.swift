import MasteryCore
import Testing

@Suite("Explanations")
struct ExplanationTests {
  private static let explained: [(String, @Sendable () throws -> EvidenceContent)] = [
    ("8 of 10 exercises completed: 0.8.", { .completion(try CompletionEvidence(totalExercises: 10, completedExercises: 8)) }),
    (
      "8 of 10 exercises completed at level advanced: 0.96.",
      { .completion(try CompletionEvidence(totalExercises: 10, completedExercises: 8, difficulty: .advanced)) }
    ),
    ("8 of 10 questions right: 0.8.", { .quiz(try QuizEvidence(totalQuestions: 10, correctAnswers: 8)) }),
    (
      "8 of 10 questions right at the second attempt: 0.76.",
      { .quiz(try QuizEvidence(totalQuestions: 10, correctAnswers: 8, attempts: 2)) }
    ),
    (
      "8 of 10 questions right in 12.5 s at attempt 6: 0.526.",
      { .quiz(try QuizEvidence(totalQuestions: 10, correctAnswers: 8, timeSpent: 12.5, attempts: 6)) }
    ),
    ("Correctness judged 1: 1.", { .quality(try QualityEvidence(correctnessScore: 1)) }),
    (
      "Code quality judged 0.5 and peer review 0.25, on average: 0.375.",
      { .quality(try QualityEvidence(codeQualityScore: 0.5, peerReviewScore: 0.25)) }
    ),
    (
      "A streak of 3 days, the longest 4, a day after the last activity: 0.675.",
      { .consistency(try ConsistencyEvidence(currentStreak: 3, maxStreak: 4, daysSinceLastActivity: 1)) }
    ),
    ("Given as a score: 0.333.", { .given(try score(1.0 / 3)) }),
  ]

  @Test("Evidence is explained by what it is made of", arguments: explained.indices)
  func contents(index: Int) throws {
    #expect(Explanation(of: try Self.explained[index].1()).sentence == Self.explained[index].0)
  }

  @Test("A score is explained by its latest evidence, how old that is, and over how many topics the mean is taken")
  func scores() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    let right = { (correct: Int) throws in
      ComponentValues<EvidenceContent>(quiz: .quiz(try QuizEvidence(totalQuestions: 10, correctAnswers: correct, attempts: 2)))
    }
    func sentence(_ component: Component = .quiz, _ scope: EvidenceScope = .student, _ today: String = "2026-01-12") throws -> String {
      try #require(Explanation.all(in: record, scope, today: try day(today))[component]).sentence
    }
    #expect(try sentence() == "There is no evidence yet; it counts as 0.")
    record.merge(try observation("a", "2026-01-10T08:00:00Z", in: topic("c/x"), contents: right(8)))
    #expect(try sentence() == "8 of 10 questions right at the second attempt, 2 days ago: 0.76.")
    record.merge(try observation("b", "2026-01-11T08:00:00Z", in: topic("c/y"), contents: right(6)))
    #expect(try sentence() == "6 of 10 questions right at the second attempt, yesterday: 0.57; mean of 2 topics: 0.665.")
    record.merge(try observation("c", "2026-01-12T08:00:00Z", in: topic("d"), contents: right(4)))
    #expect(try sentence() == "4 of 10 questions right at the second attempt, today: 0.38; mean of 2 courses, of 3 topics in all: 0.523.")
    #expect(try sentence(.quiz, .course(CourseID("d"))) == "4 of 10 questions right at the second attempt, today: 0.38.")
    #expect(
      try sentence(.consistency)
        == "Derived from the active days: a streak of 3 days, the longest 3, the last active day today: 1.")
    let past = try #require(Explanation.all(in: record, today: try day("2026-01-10"), isPast: true).quiz)
    #expect(past.sentence == "8 of 10 questions right at the second attempt, on that day: 0.76." && past.origin?.event.text == "a")
  }

  @Test("A rule that counts more than the latest day is part of the explanation")
  func rules() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    for (number, score) in [(3, 1.0), (4, 0.8), (5, 0.2)] {
      record.merge(try observation("q", "2026-01-0\(number)T08:00:00Z", quiz: score))
    }
    record.scoring = .decayingAverage
    let today = try day("2026-01-05")
    // 0.65 × 0.2 + 0.35 × 0.9
    #expect(Explanation.all(in: record, today: today).quiz?.sentence == "Given as a score, today: 0.2; with 2 earlier days: 0.445.")
    record.scoring = .highest
    let highest = Explanation.all(in: record, today: today).quiz?.sentence
    #expect(highest == "Given as a score, today: 0.2; the highest of 3 days with evidence: 1.")
  }
}
