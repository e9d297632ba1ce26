internal import JSON

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
      guard let index = declarations.firstIndex(where: { $0.isCalled(name) }) else {
        let known = declarations.map(\.name).joined(separator: ", ")
        throw JSONInvalid(field: path + name.string, found: member, constraint: "is unknown; known are \(known)")
      }
      guard seen & 1 << UInt64(index) == 0 else {
        throw JSONInvalid(field: path + name.string, found: member, constraint: "must be given once")
      }
      seen |= 1 << UInt64(index)
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
