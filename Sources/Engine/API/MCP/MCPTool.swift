internal import JSON
internal import Schemas

/// An intent as a tool of MCP, described in few tokens: what the names do not say is left to the Contract.
struct MCPTool {
  let declaration: IntentDeclaration

  /// The JSON text of the tool's entry in the list.
  var entry: [UInt8] {
    JSONWriter.object(capacity: 1024) { json in
      json.member("name", declaration.name)
      json.member("description", Self.short(declaration.summary))
      json.object("inputSchema") { writeInput(to: &$0) }
      json.object("outputSchema") { writeOutput(to: &$0) }
      json.object("annotations") { writeAnnotations(to: &$0) }
    }
  }

  private func writeInput(to json: inout JSONWriter) {
    json.member("type", "object" as StaticString)
    json.object("properties") { json in
      for field in declaration.fields { json.object(named: field.name) { Self.write(field, to: &$0) } }
      if isLong { json.object(named: MemberChoice.argument) { $0.member("type", "array" as StaticString) } }
    }
    let required = declaration.fields.filter(\.isRequired).map(\.name)
    if !required.isEmpty { json.array("required", of: required) }
  }

  /// Whether there is anything to choose from the answers.
  private var isLong: Bool {
    declaration.answers.contains { answer in
      answer.data.properties.count > 6 || answer.data.properties.contains { $0.schema.mayBeList }
    }
  }

  private static func write(_ field: FieldDeclaration, to json: inout JSONWriter) {
    switch field.type {
    case .identifier, .topic, .eventID, .text, .timestamp: json.member("type", "string" as StaticString)
    case .date:
      json.member("type", "string" as StaticString)
      json.member("format", "date" as StaticString)
    case .integer(let range):
      json.member("type", "integer" as StaticString)
      if range.lowerBound > 1 { json.member("minimum", range.lowerBound) }
      if range.upperBound < Int32.max, field.name != "offset", field.name != "limit" { json.member("maximum", range.upperBound) }
    case .boolean: json.member("type", "boolean" as StaticString)
    case .choice(let words): json.array("enum", of: field.preferredWords ?? words)
    case .list: json.member("type", "array" as StaticString)
    case .components, .weights, .object: json.member("type", "object" as StaticString)
    }
    if !isEvident(field) { json.member("description", short(field.meaning)) }
  }

  /// Whether a field's name or its words say what it is.
  private static func isEvident(_ field: FieldDeclaration) -> Bool {
    switch field.type {
    case .identifier, .eventID, .topic, .choice, .timestamp: true
    default: field.name == "limit" || field.name == "offset"
    }
  }

  /// What stands before the first semicolon, without a full stop: the rest is about details.
  private static func short(_ text: String) -> String {
    let text = text.prefix { $0 != ";" }
    return String(text.hasSuffix(".") ? text.dropLast() : text)
  }

  /// Members that say again what was asked are not listed.
  private func writeOutput(to json: inout JSONWriter) {
    json.member("type", "object" as StaticString)
    json.object("properties") { json in
      var written = Set(declaration.fields.map(\.name))
      for property in declaration.answers.flatMap(\.data.properties) where written.insert(property.name).inserted {
        json.object(named: property.name) { json in
          if let type = property.schema.typeName { json.member("type", type) }
        }
      }
    }
  }

  private func writeAnnotations(to json: inout JSONWriter) {
    switch declaration.storedData {
    case .reads: json.member("readOnlyHint", true)
    case .none, .adds: json.member("destructiveHint", false)
    case .replaces: json.member("destructiveHint", true)
    }
  }
}

extension Schema {
  /// Whether a value may be a list.
  fileprivate var mayBeList: Bool {
    switch self {
    case .list: true
    case .either(let kinds): kinds.contains(where: \.mayBeList)
    default: false
    }
  }

  /// The type's name in JSON Schema; nil for text, which most members are, and for what may be of several types, or null.
  fileprivate var typeName: String? {
    switch self {
    case .boolean: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .list: "array"
    case .object, .map: "object"
    case .text, .word, .either, .null, .anything: nil
    }
  }
}
