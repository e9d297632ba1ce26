internal import JSON
internal import Schemas

// What OpenAPI and AsyncAPI have in common.

extension JSONWriter {
  /// Writes the member `info`.
  mutating func info(summary: String? = nil, description: String) {
    object("info") { json in
      json.member("title", "Mastery Engine" as StaticString)
      json.member("version", Envelope.version)
      if let summary { json.member("summary", summary) }
      json.member("description", description)
      json.object("license") { $0.member("name", "MIT" as StaticString) }
    }
  }

  /// Writes the member `schemas`: each named object once.
  mutating func schemas(of objects: [ObjectSchema], _ style: SchemaStyle) {
    object("schemas") { json in
      var written: Set<String> = []
      for object in objects {
        guard let name = object.name, written.insert(name).inserted else { continue }
        json.member(named: name) { object.write(to: &$0, style) }
      }
    }
  }

  /// Writes a member that is found elsewhere in the document.
  mutating func reference(named name: String, to place: String) {
    object(named: name) { $0.member("$ref", place) }
  }
}
