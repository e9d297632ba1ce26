/// The name of the system that sent an event: at most 128 Unicode scalars, none of them a control character.
///
/// Names are compared by their bytes, not by canonical equivalence as in `String`: if two names that are stored differently counted as
/// equal, the one that stays would depend on which came first.
public struct SourceName: Hashable, Comparable, Sendable {
  /// The name as given.
  public let text: String

  /// Creates a name from `text`, or returns nil if it is too long or contains a control character.
  public init?(_ text: String) {
    guard text.unicodeScalars.count <= 128, !text.unicodeScalars.contains(where: Self.isControl) else { return nil }
    self.text = text
  }

  /// Whether both names have the same bytes.
  public static func == (left: Self, right: Self) -> Bool {
    var (left, right) = (left.text, right.text)
    return left.withUTF8 { left in right.withUTF8 { right in left.elementsEqual(right) } }
  }

  /// Orders names by their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

  /// Feeds the name's bytes to `hasher`.
  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }
}
