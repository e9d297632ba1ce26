internal import Encodings
internal import JSON

extension IntentDeclaration {
  /// The target and the body of a request with these fields.
  ///
  /// - Parameter request: The JSON text of all fields, path fields included.
  /// - Returns: Both; nil if the text is no object, or lacks a field of the path.
  func call(_ request: [UInt8]) -> (target: String, body: [UInt8])? {
    let call = try? JSONDocument.parse(request) { (root) throws(Never) -> (target: String, body: [UInt8])? in
      guard root.kind == .object else { return nil }
      var target = path
      var query: [String] = []
      var body = JSONWriter()
      body.object { json in
        for (name, value) in root.members {
          guard let field = fields.first(where: { $0.isCalled(name) }), !value.isNull || hasBody && !isInPath(field) else { continue }
          let text = Self.encoded(value.string ?? value.compactText)
          if isInPath(field) {
            target.replace("{\(field.name)}", with: text)
          } else if hasBody {
            json.member(name, value)
          } else {
            query.append("\(Self.encoded(name.string))=\(text)")
          }
        }
      }
      guard !target.contains("{") else { return nil }
      return (query.isEmpty ? target : "\(target)?\(query.joined(separator: "&"))", hasBody ? body.bytes : [])
    }
    return call ?? nil
  }

  /// Text for a path or a query: letters, digits and `-._~` stay (RFC 3986, unreserved characters).
  private static func encoded(_ text: String) -> String {
    PercentCoding.encode(text) { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        true
      default: false
      }
    }
  }

  /// Whether a request has a body.
  var hasBody: Bool { method == "POST" || method == "PUT" }

  /// Whether a field is part of the path.
  func isInPath(_ field: FieldDeclaration) -> Bool { path.contains("{\(field.name)}") }
}
