/// What the days of one topic come to, for quiz and quality; completion and consistency are counts as of now, so their latest always counts.
public enum Scoring: String, CaseIterable, Hashable, Sendable {
  /// The latest day's score.
  case latest
  /// 0.65 × the latest + 0.35 × the mean of the days before, as in Canvas's "decaying average".
  case decayingAverage = "decaying_average"
  /// The highest of the days.
  case highest

  /// The weight of the latest score in a decaying average.
  static let latestShare = 0.65

  /// The rule for a component.
  func rule(for component: Component) -> Self {
    switch component {
    case .quiz, .quality: self
    case .completion, .consistency: .latest
    }
  }
}
