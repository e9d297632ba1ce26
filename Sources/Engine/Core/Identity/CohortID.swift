/// The id of one cohort: 1 to 128 ASCII letters, digits or `_-.@:+=~|`, but not `.`, `..` or `_school`.
public struct CohortID: Hashable, Comparable, Sendable {
  /// What stands for the school as a whole where a cohort is named.
  public static let wholeSchool = "_school"

  /// The id as text.
  public let text: String

  /// Creates an id from `text`, or returns nil if it breaks the rule.
  public init?(_ text: String) {
    guard Identifier.isValid(text), text != Self.wholeSchool else { return nil }
    self.text = text
  }

  /// Orders ids by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
