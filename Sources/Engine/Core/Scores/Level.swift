/// How far a student has come, from the lowest to the highest.
public enum Level: String, CaseIterable, Comparable, Hashable, Sendable {
  /// Mastery under 0.40.
  case beginner
  /// Mastery from 0.40.
  case developing
  /// Mastery from 0.60.
  case competent
  /// Mastery from 0.75.
  case proficient
  /// Mastery from 0.90.
  case expert

  /// The level of a mastery of `value`, decided on the value rounded to 9 decimals so that binary noise never moves it.
  public static func of(_ value: Double) -> Self {
    switch Rounding.billionths(value) {
    case ..<400_000_000: .beginner
    case ..<600_000_000: .developing
    case ..<750_000_000: .competent
    case ..<900_000_000: .proficient
    default: .expert
    }
  }

  /// Orders levels from beginner to expert.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .beginner: 0
    case .developing: 1
    case .competent: 2
    case .proficient: 3
    case .expert: 4
    }
  }
}
