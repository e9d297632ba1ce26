internal import Encodings
internal import HTTPServer
internal import JSON

/// A path with its intents, one for each method.
struct IntentPath: Sendable {
  /// The intents, in the order of the table.
  let intents: [any Intent.Type]
  /// The path's own field; nil if it has none.
  let given: (name: String, value: Substring)?

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
    guard declaration.hasBody else {
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
