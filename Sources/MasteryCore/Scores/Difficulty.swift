/// How hard a set of exercises was.
public enum Difficulty: String, CaseIterable, Hashable, Sendable {
  /// Counts four fifths.
  case beginner
  /// Counts as it is.
  case intermediate
  /// Counts a fifth more.
  case advanced

  var factor: Double {
    switch self {
    case .beginner: 0.8
    case .intermediate: 1
    case .advanced: 1.2
    }
  }
}
