package import JSON

/// An answer in as few words as its reader needs: its data in one line, without what is null.
package enum CompactAnswer {
  /// The JSON text of a value without members that are null.
  package static func text(of value: JSONValue) -> String {
    var json = JSONWriter(capacity: 1024)
    write(value, to: &json)
    return json.text
  }

  private static func write(_ value: JSONValue, to json: inout JSONWriter) {
    switch value.kind {
    case .object:
      json.object { json in
        for (name, member) in value.members where !member.isNull { json.member(name) { write(member, to: &$0) } }
      }
    case .array: json.array { json in for element in value.elements { write(element, to: &json) } }
    default: json.copy(value)
    }
  }
}
