internal import Encodings
internal import JSON

// A sidecar with `useAvroJSON` delivers a value of an Avro union in an object with one member, named after the value's type:
// `{"string":"anna"}`, `{"long.timestamp-millis":1772600767000}`, `{"org.example.Difficulty":"advanced"}`. Null stays null.

extension JSONValue {
  private static let numbers = ["int", "long", "float", "double"]

  /// A single value as it is, or out of the object that names its Avro type; any other object as it is.
  var single: JSONValue {
    guard kind == .object, let (name, value) = onlyMember else { return self }
    let isNamed =
      switch value.kind {
      case .string: name == "string"
      case .boolean: name == "boolean"
      // A logical type stands behind a dot.
      case .number: Self.numbers.contains(String(name.prefix { $0 != "." }))
      case .object, .array, .null: false
      }
    return isNamed ? value : self
  }

  /// One of several words as it is, or out of the object that names its Avro type, which may be an enumeration of any name.
  var word: JSONValue {
    guard kind == .object, let (name, value) = onlyMember, value.kind == .string, Self.isTypeName(name) else { return self }
    return value
  }

  /// An object as it is, or out of the object that names its Avro type: a map, or a record of any name.
  ///
  /// Names of records begin with a capital letter or have a namespace; no field of an event is named so, or `map`.
  var record: JSONValue {
    guard kind == .object, let (name, value) = onlyMember, value.kind == .object else { return self }
    return name == "map" || Self.isNameOfKind(name) ? value : self
  }

  /// A value of whatever kind out of the object that names its Avro type; nil for what is in no such object.
  ///
  /// It is for the search of students in what is no event: there a list, a map or an id of any type may stand in one.
  var inUnion: JSONValue? {
    guard kind == .object, let (name, value) = onlyMember else { return nil }
    let isNamed = ["array", "map", "string", "bytes"].contains(name) || Self.numbers.contains(String(name.prefix { $0 != "." }))
    return isNamed || Self.isNameOfKind(name) ? value : nil
  }

  /// Whether a text is the name of a record or an enumeration: it begins with a capital letter, or has a namespace.
  private static func isNameOfKind(_ name: String) -> Bool {
    isTypeName(name) && (name.contains(".") || name.first?.isUppercase ?? false)
  }

  private var onlyMember: (name: String, value: JSONValue)? {
    var members = members
    guard let first = members.next(), members.next() == nil else { return nil }
    return (first.key.string, first.value)
  }

  /// Whether a text is a full name by Avro's rules: names with dots between them.
  private static func isTypeName(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
      return part.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }
    }
  }
}
