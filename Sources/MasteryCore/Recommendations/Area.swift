/// What to work on; the areas of a component are listed in the order in which they are recommended.
public enum Area: String, CaseIterable, Hashable, Sendable {
  /// Exercises at the basic level.
  case practiceBasic = "practice_basic"
  /// Exercises of more kinds.
  case exerciseVariety = "exercise_variety"
  /// Exercises against the clock.
  case timedChallenges = "timed_challenges"
  /// The concepts behind the questions.
  case conceptReview = "concept_review"
  /// Quizzes that do not count.
  case practiceQuizzes = "practice_quizzes"
  /// Tests as they will be.
  case mockTests = "mock_tests"
  /// Code read with others.
  case codeReviews = "code_reviews"
  /// Code made better without changing what it does.
  case refactoringPractice = "refactoring_practice"
  /// How others solve the same.
  case bestPractices = "best_practices"
  /// A goal for each day.
  case dailyGoals = "daily_goals"
  /// Reminders that keep a streak alive.
  case streakReminders = "streak_reminders"
  /// A plan for the week.
  case studySchedule = "study_schedule"
  /// Exercises beyond the course, for who is weak nowhere.
  case challengeExercises = "challenge_exercises"
  /// Topics beyond the course, for who is weak nowhere.
  case advancedTopics = "advanced_topics"

  /// The area as words in a sentence.
  var words: String {
    switch self {
    case .practiceBasic: "basic practice"
    case .exerciseVariety: "a wider variety of exercises"
    case .timedChallenges: "timed challenges"
    case .conceptReview: "concept review"
    case .practiceQuizzes: "practice quizzes"
    case .mockTests: "mock tests"
    case .codeReviews: "code reviews"
    case .refactoringPractice: "refactoring practice"
    case .bestPractices: "best practices"
    case .dailyGoals: "daily goals"
    case .streakReminders: "streak reminders"
    case .studySchedule: "a study schedule"
    case .challengeExercises: "challenge exercises"
    case .advancedTopics: "advanced topics"
    }
  }
}
