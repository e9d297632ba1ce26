/// The id of one course: 1 to 128 ASCII letters, digits or `_-.@:+=~|`, but not `.` or `..`.
public struct CourseID: Hashable, Comparable, Sendable {
  /// The id as text.
  public let text: String

  /// Creates an id from `text`, or returns nil if it breaks the rule.
  public init?(_ text: String) {
    guard Identifier.isValid(text) else { return nil }
    self.text = text
  }

  /// Orders ids by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
