/// The difficulty of a set of exercises.
public enum Difficulty: String, CaseIterable, Hashable, Sendable {
  /// Counts as four fifths.
  case beginner
  /// Counts unchanged.
  case intermediate
  /// Counts as a fifth more.
  case advanced

  var factor: Double {
    switch self {
    case .beginner: 0.8
    case .intermediate: 1
    case .advanced: 1.2
    }
  }
}
