/// The id of one student: 1 to 50 letters, digits, `_` or `-`.
public struct StudentID: Hashable, Comparable, Sendable {
  /// The id as text.
  public let text: String

  /// Creates an id from `text`, or returns nil if it breaks the rule.
  public init?(_ text: String) {
    guard PlainName.isValid(text) else { return nil }
    self.text = text
  }

  /// Whether a byte may be part of an id.
  public static func allows(_ byte: UInt8) -> Bool { PlainName.isAllowed(byte) }

  /// Orders ids by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
