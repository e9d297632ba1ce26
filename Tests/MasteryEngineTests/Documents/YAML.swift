import CYAML

/// A YAML value, parsed as far as manifests need it: no anchors, no tags, every scalar a text.
indirect enum YAML: Hashable {
  case scalar(String)
  case list([YAML])
  case map([String: YAML])

  struct Malformed: Error { var line: Int }

  subscript(key: String) -> YAML? { if case .map(let members) = self { members[key] } else { nil } }
  subscript(index: Int) -> YAML? { if case .list(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil } }

  var text: String? { if case .scalar(let text) = self { text } else { nil } }
  var elements: [YAML] { if case .list(let elements) = self { elements } else { [] } }
  var members: [String: YAML] { if case .map(let members) = self { members } else { [:] } }

  /// The element of a list with that name.
  func named(_ name: String) -> YAML? { elements.first { $0["name"]?.text == name } }

  /// The documents of a text.
  static func documents(_ text: String) throws -> [YAML] {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw Malformed(line: 0) }
    defer { yaml_parser_delete(&parser) }
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var documents: [YAML] = []
      while true {
        let event = try next(&parser)
        if event.type == YAML_STREAM_END_EVENT { return documents }
        if event.type == YAML_DOCUMENT_START_EVENT, let value = try value(&parser) { documents.append(value) }
      }
    }
  }

  private struct Event {
    var type: yaml_event_type_t
    var text = ""
  }

  private static func next(_ parser: inout yaml_parser_t) throws -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(&parser, &event) == 1 else { throw Malformed(line: Int(parser.problem_mark.line) + 1) }
    defer { yaml_event_delete(&event) }
    var read = Event(type: event.type)
    if event.type == YAML_SCALAR_EVENT, let value = event.data.scalar.value { read.text = String(cString: value) }
    return read
  }

  /// The next value; nil at the end of its container.
  private static func value(_ parser: inout yaml_parser_t) throws -> YAML? {
    let event = try next(&parser)
    switch event.type {
    case YAML_SCALAR_EVENT: return .scalar(event.text)
    case YAML_SEQUENCE_START_EVENT:
      var elements: [YAML] = []
      while let element = try value(&parser) { elements.append(element) }
      return .list(elements)
    case YAML_MAPPING_START_EVENT:
      var members: [String: YAML] = [:]
      while let key = try value(&parser) {
        guard let name = key.text, members[name] == nil, let member = try value(&parser) else {
          throw Malformed(line: Int(parser.mark.line) + 1)
        }
        members[name] = member
      }
      return .map(members)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT, YAML_DOCUMENT_END_EVENT: return nil
    default: throw Malformed(line: Int(parser.mark.line) + 1)
    }
  }
}
