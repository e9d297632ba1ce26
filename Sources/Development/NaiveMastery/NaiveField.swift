/// A raw field of an event.
public enum NaiveField: Hashable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// A number.
  case number(Double)
  /// A string.
  case text(String)

  /// Creates a number from a floating-point literal.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// Creates a number from an integer literal.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }

  /// Creates a text from a string literal.
  public init(stringLiteral value: String) { self = .text(value) }
}
