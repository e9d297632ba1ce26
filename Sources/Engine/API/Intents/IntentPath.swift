internal import Encodings
internal import HTTPServer
internal import JSON

/// A path with its intents, one for each method.
struct IntentPath: Sendable {
  /// The intents, in the order of the table.
  private let intents: [any Intent.Type]
  /// The path's own field; nil if it has none.
  private let given: (name: String, value: Substring)?

  private static let byPath = Dictionary(grouping: IntentTable.intents, by: { $0.declaration.path })
  /// The path templates with a field, split into the part before it, its name and the part after it.
  private static let templates = byPath.keys.compactMap { path -> (before: Substring, name: Substring, behind: Substring, path: String)? in
    guard let open = path.firstIndex(of: "{"), let close = path.firstIndex(of: "}") else { return nil }
    return (path[..<open], path[path.index(after: open)..<close], path[path.index(after: close)...], path)
  }

  /// Aliases for path prefixes that this fleet's clients use, and the paths they stand for.
  private static let otherNames = [("/analytics/history", "/analytics/mastery-history"), ("/batch/status/", "/batch/mastery/")]

  /// Finds the intents at a path; nil if there are none.
  init?(path given: Substring) {
    let other = Self.otherNames.first { given == $0.0 || ($0.0.hasSuffix("/") && given.hasPrefix($0.0)) }
    let path = other.map { $0.1[...] + given.dropFirst($0.0.count) } ?? given
    if let intents = Self.byPath[String(path)] {
      (self.intents, self.given) = (intents, nil)
      return
    }
    for template in Self.templates where path.hasPrefix(template.before) && path.hasSuffix(template.behind) {
      let value = path.dropFirst(template.before.count).dropLast(template.behind.count)
      guard !value.isEmpty, !value.utf8.contains(UInt8(ascii: "/")), let intents = Self.byPath[template.path] else { continue }
      self.intents = intents
      self.given = (String(template.name), value)
      return
    }
    return nil
  }

  /// The path with names in place of values, in braces.
  var template: String { intents.first?.declaration.path ?? "" }

  /// The allowed methods.
  var methods: [String] { intents.map { $0.declaration.method } }

  /// The intent for a method; HEAD is answered like GET.
  func intent(by method: String) -> (any Intent.Type)? {
    intents.first { $0.declaration.method == (method == "HEAD" ? "GET" : method) }
  }

  /// The fields of a request as one JSON text: those of the path, with those of the query, or of the body if the method has one.
  func fields(of request: HTTPRequest, for declaration: IntentDeclaration) -> [UInt8] {
    let hasBody = declaration.method == "POST" || declaration.method == "PUT"
    guard hasBody else {
      return object { json in
        for (name, value) in PercentCoding.pairs(request.head.query) { Self.write(name, value, declaration, to: &json) }
      }
    }
    guard given != nil else { return request.body }
    let own = try? JSONDocument.parse(request.body) { (root) throws(Never) -> [UInt8]? in
      guard root.kind == .object else { return nil }
      return object { json in
        for (name, value) in root.members { json.member(name, value) }
      }
    }
    // A body that is not an object is passed on as it is and then refused.
    return (own ?? nil) ?? request.body
  }

  private func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    JSONWriter.object { json in
      if let given { json.member(named: given.name, PercentCoding.decode(given.value)) }
      members(&json)
    }
  }

  /// Writes a query parameter in the form that its declaration expects; a value in another form stays text, which is then refused.
  private static func write(_ name: String, _ value: String, _ declaration: IntentDeclaration, to json: inout JSONWriter) {
    switch declaration.fields.first(where: { $0.isCalled(name) })?.type {
    case .integer:
      if let number = Int64(value), String(number) == value { return json.member(named: name, number) }
    case .boolean:
      if let flag = Bool(value) { return json.member(named: name, flag) }
    default: break
    }
    json.member(named: name, value)
  }
}
