internal import CYAML

/// A value of a YAML document.
indirect enum YAMLNode: Hashable, Sendable {
  case scalar(String)
  case sequence([YAMLNode])
  case mapping([Member])

  /// A key of a mapping and what it holds.
  struct Member: Hashable, Sendable {
    var name: String
    var value: YAMLNode
  }

  /// Why a text is no YAML: what libyaml says, and where.
  struct Malformed: Error, Hashable {
    var reason: String
    var line: Int
  }

  /// The first member of that name; nil when there is none.
  subscript(_ name: String) -> YAMLNode? {
    members.first { $0.name == name }?.value
  }

  var members: [Member] {
    if case .mapping(let members) = self { members } else { [] }
  }

  var elements: [YAMLNode] {
    if case .sequence(let elements) = self { elements } else { [] }
  }

  var text: String? {
    if case .scalar(let text) = self { text } else { nil }
  }

  /// The documents of a text.
  static func documents(_ bytes: [UInt8]) throws(Malformed) -> [YAMLNode] {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw Malformed(reason: "no memory for a YAML parser", line: 0) }
    defer { yaml_parser_delete(&parser) }
    var failure: Malformed?
    var documents: [YAMLNode] = []
    bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      while true {
        var document = yaml_document_t()
        guard yaml_parser_load(&parser, &document) == 1 else {
          failure = Malformed(reason: parser.problem.map { String(cString: $0) } ?? "no YAML", line: Int(parser.problem_mark.line) + 1)
          return
        }
        defer { yaml_document_delete(&document) }
        guard let root = yaml_document_get_root_node(&document) else { return }
        documents.append(node(root, in: &document))
      }
    }
    if let failure { throw failure }
    return documents
  }

  private static func node(_ node: UnsafeMutablePointer<yaml_node_t>, in document: inout yaml_document_t) -> YAMLNode {
    switch node.pointee.type {
    case YAML_SEQUENCE_NODE:
      var elements: [YAMLNode] = []
      var item = node.pointee.data.sequence.items.start
      while let place = item, place != node.pointee.data.sequence.items.top {
        if let element = yaml_document_get_node(&document, place.pointee) { elements.append(self.node(element, in: &document)) }
        item = place + 1
      }
      return .sequence(elements)
    case YAML_MAPPING_NODE:
      var members: [Member] = []
      var pair = node.pointee.data.mapping.pairs.start
      while let place = pair, place != node.pointee.data.mapping.pairs.top {
        if let key = yaml_document_get_node(&document, place.pointee.key),
          let value = yaml_document_get_node(&document, place.pointee.value)
        {
          members.append(Member(name: self.node(key, in: &document).text ?? "", value: self.node(value, in: &document)))
        }
        pair = place + 1
      }
      return .mapping(members)
    default:
      let scalar = node.pointee.data.scalar
      return .scalar(String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self))
    }
  }
}
