/// What to do about a weak component.
public enum Action: String, CaseIterable, Hashable, Sendable {
  /// Do more exercises.
  case practice
  /// Go over what quizzes ask.
  case review
  /// Make the work better.
  case refactor
  /// Work more regularly.
  case schedule

  /// The minutes that the action takes before the weakness counts.
  var baseMinutes: Double {
    switch self {
    case .practice: 45
    case .review: 30
    case .refactor: 40
    case .schedule: 15
    }
  }
}
