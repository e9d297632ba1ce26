import HTTPServer

/// A request as one text: method and target, headers, an empty line, the body.
struct WholeRequest {
  var method: String
  var target: String
  var fields: [(name: String, value: String)] = []
  var body: [UInt8]

  init(method: String, target: String, fields: [(name: String, value: String)] = [], body: [UInt8]) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
  }

  /// Reads a text; missing parts are empty.
  init(_ text: [UInt8]) {
    var rest = text[...]
    func line() -> String {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(line.count + 1)
      return String(decoding: line, as: UTF8.self)
    }
    let words = line().split(separator: " ", maxSplits: 1)
    method = words.first.map(String.init) ?? ""
    target = words.count > 1 ? String(words[1]) : "/"
    while let parts = Optional(line().split(separator: ":", maxSplits: 1)), let name = parts.first {
      fields.append((String(name), parts.count > 1 ? String(parts[1]) : ""))
    }
    body = Array(rest)
  }

  var text: [UInt8] {
    let fields = fields.map { "\($0.name):\($0.value)\n" }.joined()
    return Array("\(method) \(target)\n\(fields)\n".utf8) + body
  }

  var request: HTTPRequest {
    HTTPRequest(head: HTTPRequestHead(method: method, target: target, fields: fields.map { HTTPField($0.name, $0.value) }), body: body)
  }
}
