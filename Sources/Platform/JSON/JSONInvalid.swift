/// A value that breaks a rule: the field, its content, and the constraint.
public struct JSONInvalid: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field's path, dots between names, cut after 100 bytes: `data.total_exercises`.
  public var field: String
  /// The field's content as JSON text, cut after 100 bytes; nil if there is none.
  public var value: String?
  /// The constraint: `is required`, `must be a whole number`.
  public var constraint: String

  /// An error of that field.
  public init(field: String, value: String?, constraint: String) {
    // An unknown field's name is the sender's own text, of any length.
    self.field = field.utf8.count <= 100 ? field : String(decoding: field.utf8.prefix(100), as: UTF8.self)
    self.value = value
    self.constraint = constraint
  }

  /// An error of that field, showing the value found.
  public init(field: String, found: JSONValue?, constraint: String) {
    self.init(field: field, value: found.map(Self.shown), constraint: constraint)
  }

  /// Field, constraint and value in one line.
  public var description: String {
    guard let value else { return rule }
    return "\(rule)\(constraint.utf8.contains(UInt8(ascii: ";")) ? ";" : ",") got \(value)"
  }

  /// Field and constraint alone, the same for all events that break the same rule.
  public var rule: String { "\(field) \(constraint)" }

  /// A value's JSON text, cut after 100 bytes; containers are named, not copied.
  private static func shown(_ value: JSONValue) -> String {
    switch value.kind {
    case .object: return "an object"
    case .array: return "an array"
    default:
      var writer = JSONWriter()
      writer.copy(value)
      return String(decoding: writer.bytes.prefix(100), as: UTF8.self)
    }
  }
}
