internal import JSON

/// Reads a published JSON text into a value, as the recorded sidecar does: what it takes, what it refuses, and with which words.
struct AvroTextReader {
  let types: AvroTypes
  /// Whether a union's value that is not null stands in an object, under the name of its type; otherwise it stands there itself.
  let namesBranches: Bool
  private var text: AvroText
  private var depth = 0

  /// The value at the beginning of a text; what stands after it is not looked at.
  ///
  /// - Throws: `AvroFailure` in the recorded words.
  static func value(_ text: [UInt8], _ types: AvroTypes, namesBranches: Bool) throws(AvroFailure) -> AvroValue {
    var reader = AvroTextReader(types: types, namesBranches: namesBranches, text: AvroText(text))
    return try reader.value(types.whole)
  }

  private init(types: AvroTypes, namesBranches: Bool, text: AvroText) {
    self.types = types
    self.namesBranches = namesBranches
    self.text = text
  }

  private mutating func value(_ number: Int) throws(AvroFailure) -> AvroValue {
    depth += 1
    defer { depth -= 1 }
    guard depth <= AvroTypes.deepest else { throw AvroTypes.tooDeep }
    switch types[number].kind {
    case .null:
      guard text.take("null") else { throw AvroFailure("cannot decode textual null: expected: null") }
      return .null
    case .boolean:
      if text.take("true") { return .boolean(true) }
      guard text.take("false") else { throw AvroFailure("expected false or true") }
      return .boolean(false)
    case .int: return .integer(Int64(try whole(Int32.self)))
    case .long: return .integer(try whole(Int64.self))
    case .float: return .float(Float(try fraction(isSingle: true)))
    case .double: return .double(try fraction(isSingle: false))
    case .bytes: return .bytes(try text.string(isText: false))
    case .string: return .bytes(try text.string(isText: true))
    case .fixed(let size): return .bytes(try fixed(size, types[number].name))
    case .enumeration(let symbols): return .symbol(try symbol(symbols, types[number].name))
    case .array(let items): return .array(try array(items))
    case .map(let values):
      return .map(try members { _ in values }.map { AvroValue.Entry(key: $0.key, value: $0.value) })
    case .record(let fields): return .record(try record(fields, types[number].name))
    case .union(let branches): return try namesBranches ? named(branches) : plain(branches)
    }
  }

  // MARK: Numbers and text

  private mutating func whole<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(AvroFailure) -> Integer {
    let digits = try text.number(allowsFraction: false)
    guard let value = Integer(digits) else { throw AvroFailure("strconv.ParseInt: parsing \"\(digits)\": value out of range") }
    return value
  }

  private mutating func fraction(isSingle: Bool) throws(AvroFailure) -> Double {
    if text.take("null") { return .nan }
    if text.take("1e999") { return .infinity }
    if text.take("-1e999") { return -.infinity }
    let digits = try text.number(allowsFraction: true)
    let value = isSingle ? Float(digits).map { Double($0) } : Double(digits)
    guard let value, value.isFinite else { throw AvroFailure("strconv.ParseFloat: parsing \"\(digits)\": value out of range") }
    return value
  }

  private mutating func fixed(_ size: Int, _ name: String) throws(AvroFailure) -> [UInt8] {
    let bytes = try text.string(isText: false)
    guard bytes.count == size else {
      throw AvroFailure("cannot decode textual fixed \"\(name)\": datum size ought to equal schema size: \(bytes.count) != \(size)")
    }
    return bytes
  }

  private mutating func symbol(_ symbols: [String], _ name: String) throws(AvroFailure) -> Int {
    let given: String
    do {
      given = String(decoding: try text.string(isText: true), as: UTF8.self)
    } catch {
      throw AvroFailure("cannot decode textual enum: expected key: \(error)")
    }
    guard let symbol = symbols.firstIndex(of: given) else {
      let known = symbols.joined(separator: " ")
      throw AvroFailure("cannot decode textual enum \"\(name)\": value ought to be member of symbols: [\(known)]; \"\(given)\"")
    }
    return symbol
  }

  // MARK: Lists and members

  private mutating func array(_ items: Int) throws(AvroFailure) -> [AvroValue] {
    let what = "cannot decode textual array: "
    do throws(AvroFailure) {
      try text.expect(UInt8(ascii: "["))
      guard let first = text.next() else { throw AvroText.short }
      var values: [AvroValue] = []
      if first == UInt8(ascii: "]") {
        text.step()
        return values
      }
      while true {
        values.append(try value(items))
        guard let found = text.next() else { throw AvroText.short }
        guard found == UInt8(ascii: ",") || found == UInt8(ascii: "]") else {
          throw AvroFailure("expected ',' or ']'; received: \(AvroText.quoted(found))")
        }
        text.step()
        if found == UInt8(ascii: "]") { return values }
        guard text.next() != nil else { throw AvroText.short }
      }
    } catch {
      throw AvroFailure(what + error.description)
    }
  }

  /// The members of an object.
  ///
  /// - Parameter type: The type of a member's value by the key; nil for an unknown key, which is refused.
  /// - Returns: The members, each with its key, in the order of the text.
  /// - Throws: `AvroFailure` in the recorded words.
  private mutating func members(
    _ type: (_ key: [UInt8]) -> Int?
  ) throws(AvroFailure) -> [(key: [UInt8], value: AvroValue)] {
    let what = "cannot decode textual map: "
    try text.expect(UInt8(ascii: "{"))
    guard let first = text.next() else { throw AvroText.short }
    var members: [(key: [UInt8], value: AvroValue)] = []
    var keys: Set<[UInt8]> = []
    if first == UInt8(ascii: "}") {
      text.step()
      return members
    }
    while true {
      let key: [UInt8]
      do {
        key = try text.string(isText: true)
      } catch {
        throw AvroFailure("\(what)expected key: \(error)")
      }
      let name = String(decoding: key, as: UTF8.self)
      guard keys.insert(key).inserted else { throw AvroFailure("\(what)duplicate key: \"\(name)\"") }
      guard let type = type(key) else { throw AvroFailure("\(what)cannot determine codec: \"\(name)\"") }
      try text.expect(UInt8(ascii: ":"))
      guard text.next() != nil else { throw AvroText.short }
      do {
        members.append((key, try value(type)))
      } catch {
        throw AvroFailure("\(error) for key: \"\(name)\"")
      }
      guard let found = text.next() else { throw AvroText.short }
      guard found == UInt8(ascii: ",") || found == UInt8(ascii: "}") else {
        throw AvroFailure("\(what)expected ',' or '}'; received: \(AvroText.quoted(found))")
      }
      text.step()
      if found == UInt8(ascii: "}") { return members }
      guard text.next() != nil else { throw AvroText.short }
    }
  }

  private mutating func record(_ fields: [AvroType.Field], _ name: String) throws(AvroFailure) -> [AvroValue] {
    do {
      var values: [AvroValue?] = Array(repeating: nil, count: fields.count)
      for member in try members({ key in fields.first { key.elementsEqual($0.name.utf8) }?.type }) {
        if let index = fields.firstIndex(where: { member.key.elementsEqual($0.name.utf8) }) { values[index] = member.value }
      }
      let all = zip(fields, values).compactMap { $1 ?? $0.fallback }
      guard all.count == fields.count else { throw AvroFailure("only found \(all.count) of \(fields.count) fields") }
      return all
    } catch {
      throw AvroFailure("cannot decode textual record \"\(name)\": \(error)")
    }
  }

  // MARK: Unions

  private mutating func named(_ branches: [Int]) throws(AvroFailure) -> AvroValue {
    let types = types
    if let null = branches.firstIndex(where: { types[$0].kind == .null }), text.take("null") { return .branch(null, .null) }
    func branch(_ key: [UInt8]) -> Int? { branches.firstIndex { key.elementsEqual(types[$0].name.utf8) } }
    let members: [(key: [UInt8], value: AvroValue)]
    do {
      members = try self.members { branch($0).map { branches[$0] } }
    } catch {
      throw AvroFailure("cannot decode textual union: \(error)")
    }
    guard members.count == 1, let chosen = branch(members[0].key) else {
      throw AvroFailure("cannot encode binary union: non-nil Union values ought to be specified with a single key equal to type name")
    }
    return .branch(chosen, members[0].value)
  }

  /// The first type that can begin with what stands here: in the order of their names for numbers and objects, else in that of the union.
  private mutating func plain(_ branches: [Int]) throws(AvroFailure) -> AvroValue {
    if let null = branches.firstIndex(where: { types[$0].kind == .null }), text.take("null") { return .branch(null, .null) }
    var order = Array(branches.indices)
    switch text.next() {
    case let first? where first == UInt8(ascii: "{") || first == UInt8(ascii: "-") || (0x30...0x39).contains(first):
      order.sort { types[branches[$0]].name.utf8.lexicographicallyPrecedes(types[branches[$1]].name.utf8) }
    default: break
    }
    let start = text
    for branch in order where types[branches[branch]].kind != .null {
      do {
        return .branch(branch, try value(branches[branch]))
      } catch {
        text = start
      }
    }
    throw AvroFailure("could not decode any json data in input \(text.rest)")
  }
}
