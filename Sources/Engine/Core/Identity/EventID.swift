/// The id of one event: 1 to 128 visible ASCII characters.
public struct EventID: Hashable, Comparable, Sendable {
  /// The id as text.
  public let text: String

  /// Creates an id from `text`, or returns nil if it is empty, too long or not visible ASCII.
  public init?(_ text: String) {
    guard (1...128).contains(text.utf8.count), text.hasOnlyBytes(where: { (0x21...0x7E).contains($0) }) else { return nil }
    self.text = text
  }

  /// Orders ids by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
