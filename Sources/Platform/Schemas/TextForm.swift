/// The form of a text.
public struct TextForm: Hashable, Sendable {
  /// The form by its registered name, such as `date-time` (JSON Schema, `format`).
  public var format: String?
  /// A regular expression for the whole text, in the syntax that ECMA-262 and Python share.
  public var pattern: String?
  /// The bounds of its length in characters.
  public var length: ClosedRange<Int>?

  /// Creates a form; a text of any form without arguments.
  public init(format: String? = nil, pattern: String? = nil, length: ClosedRange<Int>? = nil) {
    (self.format, self.pattern, self.length) = (format, pattern, length)
  }
}
