/// What to do about a weak component.
public enum Action: String, CaseIterable, Hashable, Sendable {
  /// Do more exercises.
  case practice
  /// Go over the topics of the quizzes.
  case review
  /// Improve the quality of the work.
  case refactor
  /// Work more regularly.
  case schedule

  /// The minutes that the action takes, before the size of the weakness is considered.
  var baseMinutes: Double {
    switch self {
    case .practice: 45
    case .review: 30
    case .refactor: 40
    case .schedule: 15
    }
  }
}
