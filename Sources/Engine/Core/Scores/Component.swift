/// One of the four components of mastery, in the order in which they are always listed.
public enum Component: String, CaseIterable, Hashable, Sendable {
  /// How many of the exercises are done.
  case completion
  /// How well quizzes are answered.
  case quiz
  /// How good the work handed in is.
  case quality
  /// How steadily the student works.
  case consistency

  /// The component's share of mastery, 0…1; the four add up to 1.
  public var weight: Double {
    switch self {
    case .completion: 0.40
    case .quiz: 0.30
    case .quality: 0.20
    case .consistency: 0.10
    }
  }
}
