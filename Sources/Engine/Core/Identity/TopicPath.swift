/// What is learned within a course: one to three names from the wider to the narrower, such as `loops/while`.
///
/// Each name has 1 to 128 ASCII letters, digits or `_-.@:+=~|`, and is neither `.` nor `..`.
public struct TopicPath: Hashable, Comparable, Sendable {
  /// Maximum number of names.
  public static let mostNames = 3

  /// The names with `/` between them.
  public let text: String

  /// Creates a path from `text`, or returns nil if it breaks the rule.
  public init?(_ text: String) {
    let names = text.split(separator: "/", omittingEmptySubsequences: false)
    guard names.count <= Self.mostNames, names.allSatisfy({ Identifier.isValid(String($0)) }) else { return nil }
    self.text = text
  }

  private init(checked text: String) { self.text = text }

  /// The wider topic that this one belongs to; nil for one that belongs to none.
  public var parent: Self? {
    text.lastIndex(of: "/").map { Self(checked: String(text[..<$0])) }
  }

  /// Whether this is `other`, or lies under it.
  public func isWithin(_ other: Self) -> Bool {
    text == other.text || text.utf8.starts(with: other.text.utf8) && text.utf8.dropFirst(other.text.utf8.count).first == UInt8(ascii: "/")
  }

  /// Orders paths by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
