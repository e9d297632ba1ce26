/// A field whose value breaks its constraint.
public struct OutOfRange: Error, Hashable, Sendable {
  /// The field's JSON name.
  public let field: String
  /// The value as text, empty if it is missing.
  public let value: String
  /// The accepted values.
  public let constraint: String

  /// Creates an error from a field, its value and the accepted values.
  public init(field: String, value: String, constraint: String) {
    self.field = field
    self.value = value
    self.constraint = constraint
  }

  /// Throws `OutOfRange` unless the condition holds.
  static func unless<Value>(_ holds: Bool, _ field: String, _ value: Value, _ constraint: String) throws(OutOfRange) {
    guard holds else { throw OutOfRange(field: field, value: "\(value)", constraint: constraint) }
  }
}
