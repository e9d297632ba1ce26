/// The id of one cohort: 1 to 50 letters, digits, `_` or `-`.
public struct CohortID: Hashable, Comparable, Sendable {
  /// The id as text.
  public let text: String

  /// Creates an id from `text`, or returns nil if it breaks the rule.
  public init?(_ text: String) {
    guard PlainName.isValid(text) else { return nil }
    self.text = text
  }

  /// Orders ids by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
