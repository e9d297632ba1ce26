internal import JSON
internal import MasteryCore

/// A field of a request, declared once: the same declaration reads, validates and documents it.
struct Field<Value: Sendable>: Sendable {
  let declaration: FieldDeclaration
  /// Reads the value; nil if it breaks the declaration.
  let read: @Sendable (JSONValue) -> Value?

  init(_ name: String, _ type: FieldType, _ meaning: String, also: [String] = [], read: @escaping @Sendable (JSONValue) -> Value?) {
    declaration = FieldDeclaration(name: name, type: type, meaning: meaning, otherNames: also)
    self.read = read
  }
}

/// The name, type and meaning of a field.
struct FieldDeclaration: Sendable, Hashable {
  let name: String
  let type: FieldType
  let meaning: String
  /// Aliases that clients of this fleet use.
  var otherNames: [String] = []

  /// Whether a member of that name is this field.
  func isCalled(_ name: JSONText) -> Bool { name.matches(self.name) || otherNames.contains { name.matches($0) } }
}

extension Field {
  static func student(_ meaning: String) -> Self where Value == StudentID {
    Self("student_id", .identifier, meaning) { $0.identifier.flatMap(StudentID.init) }
  }

  static func integer(_ name: String, _ range: ClosedRange<Int>, _ meaning: String, also: [String] = []) -> Self where Value == Int {
    Self(name, .integer(range), meaning, also: also) { $0.integer.flatMap { range.contains(Int($0)) ? Int($0) : nil } }
  }

  static func boolean(_ name: String, _ meaning: String) -> Self where Value == Bool {
    Self(name, .boolean, meaning) { $0.boolean }
  }

  static func choice(_ name: String, _ meaning: String, also: [String] = []) -> Self
  where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    Self(name, .choice(Value.allCases.map(\.rawValue)), meaning, also: also) { $0.string.flatMap { Value(rawValue: $0) } }
  }

  static func date(_ name: String, _ meaning: String) -> Self where Value == Day {
    Self(name, .date, meaning) { $0.string.flatMap { Day(iso8601: $0) } }
  }
}

/// The fields of one request.
struct RequestFields {
  private let object: JSONValue
  /// The prefix of a field's name in errors, such as `security_context.`.
  private let path: String

  /// Reads the fields of a JSON object: the body, or the named member of it.
  ///
  /// - Throws: `JSONInvalid` if it is not an object, or has undeclared or duplicate fields.
  init(_ value: JSONValue, of declarations: [FieldDeclaration], in member: String? = nil) throws(JSONInvalid) {
    guard value.kind == .object else {
      throw JSONInvalid(field: member ?? "body", found: value, constraint: FieldType.object.constraint)
    }
    path = member.map { "\($0)." } ?? ""
    // One bit per declaration; there are fewer than 64 of them.
    var seen: UInt64 = 0
    for (name, member) in value.members {
      guard let place = declarations.firstIndex(where: { $0.isCalled(name) }) else {
        let known = declarations.map(\.name).joined(separator: ", ")
        throw JSONInvalid(field: path + name.string, found: member, constraint: "is unknown; known are \(known)")
      }
      guard seen & 1 << UInt64(place) == 0 else {
        throw JSONInvalid(field: path + name.string, found: member, constraint: "is given twice")
      }
      seen |= 1 << UInt64(place)
    }
    object = value
  }

  /// A field's value; nil if it is missing or null.
  ///
  /// - Throws: `JSONInvalid` if the value breaks the declaration.
  func optional<Value>(_ field: Field<Value>) throws(JSONInvalid) -> Value? {
    guard let value = raw(field) else { return nil }
    guard let read = field.read(value) else {
      throw JSONInvalid(field: path + field.declaration.name, found: value, constraint: field.declaration.type.constraint)
    }
    return read
  }

  /// A field's value.
  ///
  /// - Throws: `JSONInvalid` if it is missing, null, or breaks the declaration.
  func required<Value>(_ field: Field<Value>) throws(JSONInvalid) -> Value {
    guard let value = try optional(field) else {
      let declared = field.declaration
      throw JSONInvalid(field: path + declared.name, value: nil, constraint: "is required; it \(declared.type.constraint)")
    }
    return value
  }

  /// A field's unparsed value, for intents that read it themselves; nil if it is missing or null.
  func raw<Value>(_ field: Field<Value>) -> JSONValue? {
    for (name, value) in object.members where field.declaration.isCalled(name) { return value.isNull ? nil : value }
    return nil
  }
}
