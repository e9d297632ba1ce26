internal import JSON

/// Replaces parts of JSON text, for planted mistakes.
enum DocumentEdit {
  /// Replaces the value at a path.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - path: The member names from the root.
  ///   - change: Returns the new value's text; nil removes the member.
  /// - Returns: The changed text, or the same text if there is no such value.
  static func replacing(_ bytes: [UInt8], at path: [String], _ change: (JSONValue) -> [UInt8]?) -> [UInt8] {
    let changed = try? JSONDocument.parse(bytes) { (root) throws(Never) in
      var json = JSONWriter()
      copy(root, path[...], change, to: &json)
      return json.bytes
    }
    return changed ?? bytes
  }

  private static func copy(_ value: JSONValue, _ path: ArraySlice<String>, _ change: (JSONValue) -> [UInt8]?, to json: inout JSONWriter) {
    guard let next = path.first, value.kind == .object else { return json.copy(value) }
    json.object { json in
      for (name, member) in value.members {
        guard name.matches(next) else {
          json.member(name, member)
          continue
        }
        if path.count > 1 {
          json.member(name) { copy(member, path.dropFirst(), change, to: &$0) }
        } else if let text = change(member) {
          json.member(name, raw: text)
        }
      }
    }
  }

  /// The text of an array with only the elements to keep.
  static func filtered(_ value: JSONValue, _ isKept: (JSONValue) -> Bool) -> [UInt8] {
    JSONWriter.array { json in
      for element in value.elements where isKept(element) { json.copy(element) }
    }
  }
}
