import Foundation

/// The rules by which a sidecar takes JSON for a schema of Avro, as its recorded refusals show them.
///
/// It reads text by itself, since no reader of JSON says whether a number was written with a fraction or a member twice.
struct AvroRules {
  /// Why a text is refused.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  private indirect enum Form {
    case null, boolean, double, string, bytes
    case whole(ClosedRange<Int64>)
    case symbols(Set<String>)
    case list(Form)
    case map(Form)
    case record([String: (form: Form, hasDefault: Bool)])
    case union([Form])
  }

  private let form: Form

  /// Reads a schema.
  init(schema: String) throws {
    var named: [String: Form] = [:]
    form = try Self.form(of: JSONSerialization.jsonObject(with: Data(schema.utf8), options: .fragmentsAllowed), &named)
  }

  private static func form(of schema: Any, _ named: inout [String: Form]) throws -> Form {
    if let kinds = schema as? [Any] { return .union(try kinds.map { try form(of: $0, &named) }) }
    if let name = schema as? String {
      switch name {
      case "null": return .null
      case "boolean": return .boolean
      case "int": return .whole(Int64(Int32.min)...Int64(Int32.max))
      case "long": return .whole(Int64.min...Int64.max)
      case "float", "double": return .double
      case "string": return .string
      case "bytes": return .bytes
      default:
        guard let known = named[name] else { throw Refusal(description: "there is no type \(name)") }
        return known
      }
    }
    guard let schema = schema as? [String: Any], let type = schema["type"] else { throw Refusal(description: "no schema: \(schema)") }
    switch type as? String {
    case "array": return .list(try form(of: schema["items"] ?? "", &named))
    case "map": return .map(try form(of: schema["values"] ?? "", &named))
    case "enum":
      let form = Form.symbols(Set(schema["symbols"] as? [String] ?? []))
      named[schema["name"] as? String ?? ""] = form
      return form
    case "record":
      var fields: [String: (form: Form, hasDefault: Bool)] = [:]
      for field in schema["fields"] as? [[String: Any]] ?? [] {
        guard let name = field["name"] as? String, let type = field["type"] else { throw Refusal(description: "no field: \(field)") }
        fields[name] = (try form(of: type, &named), field["default"] != nil)
      }
      let form = Form.record(fields)
      named[schema["name"] as? String ?? ""] = form
      return form
    default: return try form(of: type, &named)
    }
  }

  /// Why a text is refused; nil if it is taken.
  func refusal(of text: [UInt8]) -> String? {
    var reader = Reader(text: text)
    if String(decoding: text, as: UTF8.self) == "null" { return nil }
    do {
      try reader.value(form)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private struct Reader {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    mutating func value(_ form: Form) throws {
      space()
      switch form {
      case .null: try word("null")
      case .boolean: if next == UInt8(ascii: "t") { try word("true") } else { try word("false") }
      case .string, .bytes: _ = try string()
      case .double: try number(canHaveFraction: true)
      case .whole(let range):
        let start = position
        try number(canHaveFraction: false)
        guard let value = Int64(String(decoding: text[start..<position], as: UTF8.self)), range.contains(value) else {
          throw refusal("a number out of range")
        }
      case .symbols(let symbols):
        guard symbols.contains(try string()) else { throw refusal("an unknown symbol") }
      case .list(let element): try members("[", "]") { try $0.value(element) }
      case .map(let value):
        try members("{", "}") { reader in
          _ = try reader.name()
          try reader.value(value)
        }
      case .record(let fields): try record(fields)
      case .union(let kinds): try union(kinds)
      }
    }

    private mutating func record(_ fields: [String: (form: Form, hasDefault: Bool)]) throws {
      var found: Set<String> = []
      try members("{", "}") { reader in
        let name = try reader.name()
        guard let field = fields[name] else { throw reader.refusal("a field that the schema lacks, \(name)") }
        guard found.insert(name).inserted else { throw reader.refusal("\(name) twice") }
        do {
          try reader.value(field.form)
        } catch {
          throw Refusal(description: "\(name): \(error)")
        }
      }
      for (name, field) in fields where !field.hasDefault && !found.contains(name) { throw refusal("no \(name)") }
    }

    /// Plain: the value itself, of the first type that takes it.
    private mutating func union(_ kinds: [Form]) throws {
      let start = position
      for kind in kinds {
        position = start
        if (try? value(kind)) != nil { return }
      }
      position = start
      throw refusal("no type of the union takes it")
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private func refusal(_ what: String) -> Refusal { Refusal(description: "\(what) at \(position)") }

    private mutating func space() { while let byte = next, byte <= 0x20 { position += 1 } }

    private mutating func word(_ word: String) throws {
      guard text[position...].starts(with: word.utf8) else { throw refusal("not \(word)") }
      position += word.utf8.count
    }

    private mutating func members(_ opening: String, _ closing: String, _ member: (inout Reader) throws -> Void) throws {
      try word(opening)
      space()
      if (try? word(closing)) != nil { return }
      while true {
        space()
        try member(&self)
        space()
        if (try? word(closing)) != nil { return }
        try word(",")
      }
    }

    private mutating func name() throws -> String {
      let name = try string()
      space()
      try word(":")
      return name
    }

    private mutating func number(canHaveFraction: Bool) throws {
      let start = position
      if next == UInt8(ascii: "-") { position += 1 }
      while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || canHaveFraction && ".eE+-".utf8.contains(byte) {
        position += 1
      }
      guard position > start, Double(String(decoding: text[start..<position], as: UTF8.self)) != nil else { throw refusal("no number") }
    }

    private mutating func string() throws -> String {
      let start = position
      try word("\"")
      while let byte = next, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
      try word("\"")
      // Foundation refuses half a surrogate pair too.
      let value = try? JSONSerialization.jsonObject(with: Data(text[start..<position]), options: .fragmentsAllowed) as? String
      guard let value else { throw refusal("no text") }
      return value
    }
  }
}
