internal import JSON

/// Reads a schema's JSON text into the list of its types.
struct AvroSchemaReader {
  private var types: [AvroType] = []
  /// The numbers of the named types by their full names.
  private var named: [String: Int] = [:]

  /// The types of a schema.
  ///
  /// - Throws: `AvroFailure` that says what the schema must be.
  static func types(of text: [UInt8]) throws(AvroFailure) -> AvroTypes {
    do {
      return try JSONDocument.parse(text) { (root) throws(AvroFailure) in
        var reader = AvroSchemaReader()
        let whole = try reader.type(root, in: "")
        return try AvroTypes(reader.types, whole: whole)
      }
    } catch {
      switch error {
      case .malformed(let why): throw AvroFailure("the schema must be JSON: \(why)")
      case .reading(let failure): throw failure
      }
    }
  }

  private mutating func add(_ kind: AvroType.Kind, _ name: String) -> Int {
    types.append(AvroType(kind: kind, name: name))
    return types.count - 1
  }

  private mutating func type(_ schema: JSONValue, in namespace: String) throws(AvroFailure) -> Int {
    switch schema.kind {
    case .string: return try type(named: schema.string ?? "", describedBy: nil, in: namespace)
    case .array: return try union(schema, in: namespace)
    case .object:
      guard let type = schema["type"] else { throw AvroFailure("a type must have the member \"type\"") }
      guard type.kind == .string else { return try self.type(type, in: namespace) }
      return try self.type(named: type.string ?? "", describedBy: schema, in: namespace)
    default: throw AvroFailure("a type must be a name, an object or a list")
    }
  }

  private mutating func type(named name: String, describedBy schema: JSONValue?, in namespace: String) throws(AvroFailure) -> Int {
    if let kind = AvroType.primitives[name] {
      let logical = "\(name).\(schema?["logicalType"]?.string ?? "")"
      return add(kind, AvroType.logical.contains(logical) ? logical : name)
    }
    if let known = named[name] ?? named["\(namespace).\(name)"] { return known }
    switch (name, schema) {
    case ("record", let schema?): return try record(schema, in: namespace)
    case ("enum", let schema?): return try enumeration(schema, in: namespace)
    case ("fixed", let schema?): return try fixed(schema, in: namespace)
    case ("array", let schema?): return add(.array(of: try inner("items", schema, in: namespace)), name)
    case ("map", let schema?): return add(.map(of: try inner("values", schema, in: namespace)), name)
    default: throw AvroFailure("unknown type name: \"\(name)\"")
    }
  }

  private mutating func inner(_ member: String, _ schema: JSONValue, in namespace: String) throws(AvroFailure) -> Int {
    guard let inner = schema[named: member] else { throw AvroFailure("a type must have the member \"\(member)\"") }
    return try type(inner, in: namespace)
  }

  private mutating func union(_ schema: JSONValue, in namespace: String) throws(AvroFailure) -> Int {
    var branches: [Int] = []
    for branch in schema.elements { branches.append(try type(branch, in: namespace)) }
    let names = branches.map { types[$0].name }
    guard !names.isEmpty, Set(names).count == names.count, !names.contains("union") else {
      throw AvroFailure("a union must have different types and no other union, got [\(names.joined(separator: " "))]")
    }
    return add(.union(branches), "union")
  }

  // MARK: Named types

  /// Takes the name of a type that is about to be read, so that it can name itself.
  ///
  /// - Returns: Its number, and the namespace of the types inside.
  private mutating func register(_ schema: JSONValue, in outer: String) throws(AvroFailure) -> (number: Int, namespace: String) {
    let name = try Self.name(schema, allowsDots: true)
    var full = name
    if !name.contains(".") {
      let namespace = schema["namespace"]?.string ?? outer
      if !namespace.isEmpty { full = "\(namespace).\(name)" }
    }
    guard named[full] == nil else { throw AvroFailure("a type's name must be its own, got \"\(full)\" twice") }
    let number = add(.null, full)
    named[full] = number
    return (number, full.split(separator: ".").dropLast().joined(separator: "."))
  }

  private static func name(_ schema: JSONValue, allowsDots: Bool) throws(AvroFailure) -> String {
    let name = schema["name"]?.string ?? ""
    guard isName(name, allowsDots: allowsDots) else {
      throw AvroFailure("a name must be letters, digits and underscores, and begin with no digit, got \"\(name)\"")
    }
    return name
  }

  private static func isName(_ text: String, allowsDots: Bool) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
      case 0x2E: allowsDots
      default: false
      }
    }
  }

  private mutating func record(_ schema: JSONValue, in outer: String) throws(AvroFailure) -> Int {
    let (number, namespace) = try register(schema, in: outer)
    guard let list = schema["fields"], list.kind == .array else {
      throw AvroFailure("the record \"\(types[number].name)\" must have a list of fields")
    }
    var fields: [AvroType.Field] = []
    var names: Set<String> = []
    for schema in list.elements {
      let name = try Self.name(schema, allowsDots: false)
      guard names.insert(name).inserted else { throw AvroFailure("a field's name must be its own, got \"\(name)\" twice") }
      let type = try type(schema, in: namespace)
      var field = AvroType.Field(name: name, type: type)
      if let given = schema["default"] { field.fallback = try fallback(given, type, of: name) }
      fields.append(field)
    }
    types[number].kind = .record(fields)
    return number
  }

  private mutating func enumeration(_ schema: JSONValue, in outer: String) throws(AvroFailure) -> Int {
    let (number, _) = try register(schema, in: outer)
    let symbols = (schema["symbols"]?.elements).map { $0.map { $0.string ?? "" } } ?? []
    guard !symbols.isEmpty, Set(symbols).count == symbols.count, symbols.allSatisfy({ Self.isName($0, allowsDots: false) }) else {
      throw AvroFailure("the enum \"\(types[number].name)\" must have different names as symbols, got [\(symbols.joined(separator: " "))]")
    }
    types[number].kind = .enumeration(symbols)
    return number
  }

  private mutating func fixed(_ schema: JSONValue, in outer: String) throws(AvroFailure) -> Int {
    let (number, _) = try register(schema, in: outer)
    let size = schema["size"]?.integer ?? 0
    guard (1...AvroTypes.largestFixed).contains(size) else {
      throw AvroFailure("the fixed \"\(types[number].name)\" must have a size of 1 to \(AvroTypes.largestFixed), got \(size)")
    }
    types[number].kind = .fixed(size: Int(size))
    return number
  }

  // MARK: Defaults

  /// A field's default: bytes as the UTF-8 of their text, as the recorded sidecar reads them, and a union's as its first type.
  private func fallback(_ given: JSONValue, _ type: Int, of field: String) throws(AvroFailure) -> AvroValue {
    let wrong = AvroFailure("the default of \"\(field)\" must be a \(types[type].name)")
    switch (types[type].kind, given.kind) {
    case (.null, .null): return .null
    case (.boolean, .boolean): return .boolean(given.boolean == true)
    case (.int, .number):
      guard let whole = given.number.flatMap({ Int32(exactly: $0) }) else { throw wrong }
      return .integer(Int64(whole))
    case (.long, .number):
      // Through a double, as the recorded sidecar reads the whole schema.
      guard let whole = given.number.flatMap({ Int64(exactly: $0) }) else { throw wrong }
      return .integer(whole)
    case (.float, .number): return .float(Float(given.number ?? 0))
    case (.double, .number): return .double(given.number ?? 0)
    case (.bytes, .string), (.string, .string): return .bytes(Array((given.string ?? "").utf8))
    case (.fixed(let size), .string):
      let bytes = Array((given.string ?? "").utf8)
      guard bytes.count == size else { throw wrong }
      return .bytes(bytes)
    case (.enumeration(let symbols), .string):
      guard let symbol = symbols.firstIndex(of: given.string ?? "") else { throw wrong }
      return .symbol(symbol)
    case (.array(let items), .array):
      var values: [AvroValue] = []
      for item in given.elements { values.append(try fallback(item, items, of: field)) }
      return .array(values)
    case (.map(let values), .object):
      var entries: [AvroValue.Entry] = []
      for (key, value) in given.members { entries.append(.init(key: Array(key.bytes), value: try fallback(value, values, of: field))) }
      return .map(entries)
    case (.record(let fields), .object):
      var values: [AvroValue] = []
      for inner in fields {
        if let value = given[named: inner.name] {
          values.append(try fallback(value, inner.type, of: inner.name))
        } else if let value = inner.fallback {
          values.append(value)
        } else {
          throw wrong
        }
      }
      return .record(values)
    case (.union(let branches), _): return .branch(0, try fallback(given, branches[0], of: field))
    default: throw wrong
    }
  }
}
