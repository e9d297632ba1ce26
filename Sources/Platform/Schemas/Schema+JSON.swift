public import JSON

/// How schemas are written.
public struct SchemaStyle: Hashable, Sendable {
  /// The path before the name of a named object, such as `#/components/schemas/`; nil to write each object where it stands.
  public var references: String?
  /// Whether meanings are written as `description`.
  public var describes: Bool

  /// Creates a style.
  public init(references: String? = nil, describes: Bool = true) {
    (self.references, self.describes) = (references, describes)
  }
}

extension Schema {
  /// Writes the schema as an object of JSON Schema 2020-12.
  ///
  /// - Parameters:
  ///   - json: The writer.
  ///   - style: How to write it.
  ///   - meaning: What the value means; empty if there is nothing to say.
  public func write(to json: inout JSONWriter, _ style: SchemaStyle = SchemaStyle(), meaning: String = "") {
    json.object { json in
      if case .object(let object) = self, let name = object.name, let references = style.references {
        json.member("$ref", references + name)
        if style.describes, !meaning.isEmpty { json.member("description", meaning) }
      } else {
        writeMembers(to: &json, style, meaning: meaning)
      }
    }
  }

  private func writeMembers(to json: inout JSONWriter, _ style: SchemaStyle, meaning: String) {
    var meaning = meaning
    switch self {
    case .boolean: json.member("type", "boolean" as StaticString)
    case .integer(let range):
      json.member("type", "integer" as StaticString)
      if let range {
        json.member("minimum", range.lowerBound)
        if range.upperBound < Int64.max { json.member("maximum", range.upperBound) }
      }
    case .number(let range):
      json.member("type", "number" as StaticString)
      if let range {
        json.member("minimum", range.lowerBound)
        if range.upperBound.isFinite { json.member("maximum", range.upperBound) }
      }
    case .text(let form): form.writeMembers(to: &json)
    case .word(let words):
      json.member("type", "string" as StaticString)
      json.array("enum", of: words)
    case .list(let element, let count):
      json.member("type", "array" as StaticString)
      json.member("items") { element.write(to: &$0, style) }
      if let count {
        json.member("minItems", count.lowerBound)
        json.member("maxItems", count.upperBound)
      }
    case .object(let object):
      if meaning.isEmpty { meaning = object.meaning }
      object.writeMembers(to: &json, style)
    case .map(let value):
      json.member("type", "object" as StaticString)
      json.member("additionalProperties") { value.write(to: &$0, style) }
    case .either(let kinds):
      json.array("anyOf", of: kinds) { $1.write(to: &$0, style) }
    case .null: json.member("type", "null" as StaticString)
    case .anything: break
    }
    if style.describes, !meaning.isEmpty { json.member("description", meaning) }
  }

  /// All named objects in the schema, each before those that it contains.
  public var namedObjects: [ObjectSchema] {
    switch self {
    case .object(let object): (object.name == nil ? [] : [object]) + object.properties.flatMap(\.schema.namedObjects)
    case .list(let element, _): element.namedObjects
    case .map(let value): value.namedObjects
    case .either(let kinds): kinds.flatMap(\.namedObjects)
    case .boolean, .integer, .number, .text, .word, .null, .anything: []
    }
  }
}

extension TextForm {
  fileprivate func writeMembers(to json: inout JSONWriter) {
    json.member("type", "string" as StaticString)
    if let format { json.member("format", format) }
    if let pattern { json.member("pattern", pattern) }
    if let length {
      json.member("minLength", length.lowerBound)
      json.member("maxLength", length.upperBound)
    }
  }
}

extension ObjectSchema {
  /// Writes the object's schema itself, where references lead.
  public func write(to json: inout JSONWriter, _ style: SchemaStyle) {
    json.object { json in
      writeMembers(to: &json, style)
      if style.describes, !meaning.isEmpty { json.member("description", meaning) }
    }
  }

  fileprivate func writeMembers(to json: inout JSONWriter, _ style: SchemaStyle) {
    json.member("type", "object" as StaticString)
    if !properties.isEmpty {
      json.object("properties") { json in
        for property in properties {
          json.member(named: property.name) { property.schema.write(to: &$0, style, meaning: property.meaning) }
        }
      }
    }
    if !required.isEmpty { json.array("required", of: required) }
    if !oneOf.isEmpty { json.objects("anyOf", of: oneOf) { $0.array("required", of: [$1]) } }
    if !isOpen { json.member("additionalProperties", false) }
  }
}
