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

  /// Why a text is not YAML: libyaml's message and position.
  struct Malformed: Error, Hashable {
    var reason: String
    var line: Int
  }

  /// The first member with that name; nil if there is none.
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

  /// Nesting beyond this depth is refused, since an alias within its own anchor never ends.
  private static let depthLimit = 64
  /// Files with more values than this, each alias expanded, are refused: twenty short lines of aliases can yield a million.
  private static let valueLimit = 100_000

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
        var values = 0
        guard let node = node(root, in: &document, depth: 0, values: &values) else {
          failure = Malformed(reason: "it holds too much, or itself", line: Int(document.start_mark.line) + 1)
          return
        }
        documents.append(node)
      }
    }
    if let failure { throw failure }
    return documents
  }

  /// A value with all its content; nil if that is beyond the limits.
  private static func node(
    _ node: UnsafeMutablePointer<yaml_node_t>, in document: inout yaml_document_t, depth: Int, values: inout Int
  ) -> YAMLNode? {
    values += 1
    guard depth < depthLimit, values <= valueLimit else { return nil }
    let inner = { (number: Int32, document: inout yaml_document_t, values: inout Int) in
      yaml_document_get_node(&document, number).flatMap { self.node($0, in: &document, depth: depth + 1, values: &values) }
    }
    switch node.pointee.type {
    case YAML_SEQUENCE_NODE:
      var elements: [YAMLNode] = []
      var item = node.pointee.data.sequence.items.start
      while let current = item, current != node.pointee.data.sequence.items.top {
        guard let element = inner(current.pointee, &document, &values) else { return nil }
        elements.append(element)
        item = current + 1
      }
      return .sequence(elements)
    case YAML_MAPPING_NODE:
      var members: [Member] = []
      var pair = node.pointee.data.mapping.pairs.start
      while let current = pair, current != node.pointee.data.mapping.pairs.top {
        guard let key = inner(current.pointee.key, &document, &values), let value = inner(current.pointee.value, &document, &values) else {
          return nil
        }
        members.append(Member(name: key.text ?? "", value: value))
        pair = current + 1
      }
      return .mapping(members)
    default:
      let scalar = node.pointee.data.scalar
      return .scalar(String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self))
    }
  }
}
