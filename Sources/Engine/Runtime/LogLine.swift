internal import JSON
internal import MasteryCore

/// A log entry: a message with its fields.
public struct LogLine: Sendable {
  /// The severity.
  public var level: LogLevel
  /// What happened.
  public var message: String
  /// Names and values, in order.
  public var fields: [(name: String, value: Value)]

  /// The value of a field.
  public enum Value: Sendable {
    /// Text; control characters are escaped in both formats.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
  }

  /// Creates a line.
  public init(_ level: LogLevel, _ message: String, _ fields: [(name: String, value: Value)] = []) {
    self.level = level
    self.message = message
    self.fields = fields
  }

  /// The bytes of the line, including its line break.
  func bytes(_ format: LogFormat, at moment: Timestamp) -> [UInt8] {
    var json = JSONWriter(capacity: 256)
    switch format {
    case .json: writeJSON(to: &json, at: moment)
    case .text: return Array("\(moment.iso8601) \(level.rawValue) \(message)\(fields.map(Self.words).joined())\n".utf8)
    }
    return json.bytes + [0x0A]
  }

  private func writeJSON(to json: inout JSONWriter, at moment: Timestamp) {
    json.object { json in
      json.member("timestamp", moment.iso8601)
      json.member("level", level.rawValue)
      json.member("message", message)
      for (name, value) in fields { json.member(named: name) { value.write(to: &$0) } }
    }
  }

  /// A field as text; quoted as JSON, so that no value can look like another line.
  private static func words(_ field: (name: String, value: Value)) -> String {
    var json = JSONWriter(capacity: 64)
    field.value.write(to: &json)
    return " \(field.name)=\(json.text)"
  }
}

extension LogLine.Value {
  /// Writes the value as JSON.
  func write(to json: inout JSONWriter) {
    switch self {
    case .text(let text): json.string(text)
    case .integer(let number): json.integer(number)
    case .number(let number): json.number(number)
    }
  }
}
