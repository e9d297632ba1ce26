internal import JSON

/// How Redis returns a value that was saved as JSON: with sorted members, and numbers rounded to six decimals.
enum RedisNumbers {
  private static let scale = 1_000_000.0

  /// The value's text as Redis returns it; text that is not JSON stays as it is.
  static func rounded(_ text: [UInt8]) -> [UInt8] {
    let rounded = try? JSONDocument.parse(text) { (root) throws(Never) in
      var json = JSONWriter(capacity: text.count)
      write(root, to: &json)
      return json.bytes
    }
    return rounded ?? text
  }

  private static func write(_ value: JSONValue, to json: inout JSONWriter) {
    switch value.kind {
    case .object:
      json.object { json in
        for (name, member) in value.members.map({ ($0.string, $1) }).sorted(by: { $0.0 < $1.0 }) {
          json.member(named: name) { write(member, to: &$0) }
        }
      }
    case .array:
      json.array(of: value.elements) { write($1, to: &$0) }
    case .number where value.integer == nil: json.number(((value.number ?? 0) * scale).rounded() / scale)
    case .string, .number, .boolean, .null: json.copy(value)
    }
  }
}
