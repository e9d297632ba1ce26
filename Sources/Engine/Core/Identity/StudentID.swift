/// The id of one student: 1 to 128 ASCII letters, digits or `_-.@:+=~|`, and neither `.` nor `..`.
public struct StudentID: Hashable, Comparable, Sendable {
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
