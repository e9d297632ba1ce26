/// A raw field of an event.
public enum NaiveField: Hashable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// A number.
  case number(Double)
  /// A text.
  case text(String)

  /// A number written with a point.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// A number written without a point.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }

  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
}
