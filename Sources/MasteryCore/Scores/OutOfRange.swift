/// A field whose value breaks the rule that it has to keep.
public struct OutOfRange: Error, Hashable, Sendable {
  /// The field's name in JSON.
  public let field: String
  /// The value as text, empty where it is missing.
  public let value: String
  /// What would be accepted.
  public let constraint: String

  /// Names a field, the value it has, and what would be accepted.
  public init(field: String, value: String, constraint: String) {
    self.field = field
    self.value = value
    self.constraint = constraint
  }

  /// Refuses the value unless the condition holds.
  static func unless<Value>(_ holds: Bool, _ field: String, _ value: Value, _ constraint: String) throws(OutOfRange) {
    guard holds else { throw OutOfRange(field: field, value: "\(value)", constraint: constraint) }
  }
}
