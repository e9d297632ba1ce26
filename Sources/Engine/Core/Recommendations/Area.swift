/// What to work on; each component's areas are listed in the order of recommendation.
public enum Area: String, CaseIterable, Hashable, Sendable {
  /// Exercises at the basic level.
  case practiceBasic = "practice_basic"
  /// A wider variety of exercises.
  case exerciseVariety = "exercise_variety"
  /// Exercises against the clock.
  case timedChallenges = "timed_challenges"
  /// The concepts behind the questions.
  case conceptReview = "concept_review"
  /// Ungraded quizzes.
  case practiceQuizzes = "practice_quizzes"
  /// Mock tests under real conditions.
  case mockTests = "mock_tests"
  /// Code reviewed together with others.
  case codeReviews = "code_reviews"
  /// Improving code without changing its behaviour.
  case refactoringPractice = "refactoring_practice"
  /// How others solve the same problem.
  case bestPractices = "best_practices"
  /// A goal for each day.
  case dailyGoals = "daily_goals"
  /// Reminders that keep a streak alive.
  case streakReminders = "streak_reminders"
  /// A plan for the week.
  case studySchedule = "study_schedule"
  /// Exercises beyond the course, for students without a weak component.
  case challengeExercises = "challenge_exercises"
  /// Topics beyond the course, for students without a weak component.
  case advancedTopics = "advanced_topics"

  /// The area as words for a sentence.
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
