/// A degree of mastery, from 0 (none) to 1 (complete).
public struct Score: Hashable, Comparable, Sendable {
  /// The lowest score.
  public static let zero = Self(clamping: 0)

  /// The highest score.
  public static let one = Self(clamping: 1)

  /// The score as a number, 0…1.
  public let value: Double

  /// Creates a score from `value`, or returns nil outside 0…1.
  public init?(_ value: Double) {
    guard (0...1).contains(value) else { return nil }
    self.init(clamping: value)
  }

  /// The score nearest to a computed number.
  ///
  /// `-0` becomes `0`, so that equal scores are written alike.
  init(clamping value: Double) {
    self.value = value > 0 ? min(value, 1) : 0
  }

  /// Orders scores by their number.
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
