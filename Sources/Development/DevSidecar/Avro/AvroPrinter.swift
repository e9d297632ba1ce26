internal import Encodings

/// Prints values as JSON text in the forms that were recorded.
///
/// Members come in another order each time. All but printable ASCII is escaped, so bytes and fixed are a letter for each byte. Numbers are
/// as Go's `%g` prints them; NaN is `null`, and infinity a number that no double holds.
struct AvroPrinter {
  let types: AvroTypes
  /// Whether a union's value that is not null stands in an object, under the name of its type.
  let namesBranches: Bool
  /// Whether an infinite number was printed.
  private(set) var hasInfinity = false
  private(set) var text: [UInt8] = []
  private var random: RandomBits

  init(_ types: AvroTypes, namesBranches: Bool, _ random: RandomBits) {
    self.types = types
    self.namesBranches = namesBranches
    self.random = random
  }

  /// Appends a value of a type, by its number.
  mutating func print(_ value: AvroValue, _ number: Int) {
    switch (value, types[number].kind) {
    case (.boolean(let value), _): put(value ? "true" : "false")
    case (.integer(let value), _): text += Array(String(value).utf8)
    case (.float(let value), _): print(special(value) ?? ShortestDecimal(value).formatted)
    case (.double(let value), _): print(special(value) ?? ShortestDecimal(value).formatted)
    case (.bytes(let bytes), .string): print(characters: bytes)
    case (.bytes(let bytes), _): print(bytes: bytes)
    case (.symbol(let symbol), .enumeration(let symbols)): print(characters: Array(symbols[symbol].utf8))
    case (.array(let elements), .array(let items)): print(elements, items)
    case (.map(let entries), .map(let values)): print(entries.map { ($0.key, $0.value, values) })
    case (.record(let values), .record(let fields)): print(zip(fields, values).map { (Array($0.name.utf8), $1, $0.type) })
    case (.branch(let branch, let inner), .union(let branches)):
      let type = branches[branch]
      guard namesBranches, types[type].kind != .null else { return print(inner, type) }
      print([(Array(types[type].name.utf8), inner, type)])
    default: put("null")
    }
  }

  private mutating func put(_ literal: StaticString) {
    literal.withUTF8Buffer { text += $0 }
  }

  private mutating func print(_ number: [UInt8]) {
    text += number
  }

  private mutating func special(_ value: some BinaryFloatingPoint) -> [UInt8]? {
    guard !value.isFinite else { return nil }
    guard !value.isNaN else { return Array("null".utf8) }
    hasInfinity = true
    return Array((value < 0 ? "-1e999" : "1e999").utf8)
  }

  private mutating func print(_ elements: [AvroValue], _ type: Int) {
    put("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { put(",") }
      print(element, type)
    }
    put("]")
  }

  private mutating func print(_ members: [(name: [UInt8], value: AvroValue, type: Int)]) {
    put("{")
    for (index, member) in members.shuffled(using: &random).enumerated() {
      if index > 0 { put(",") }
      print(characters: member.name)
      put(":")
      print(member.value, member.type)
    }
    put("}")
  }

  // MARK: Text

  /// A text from its UTF-8; each byte that is none becomes U+FFFD, as in Go.
  private mutating func print(characters bytes: [UInt8]) {
    put("\"")
    var source = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    parsing: while true {
      switch parser.parseScalar(from: &source) {
      case .valid(let scalar): for unit in Character(Unicode.UTF8.decode(scalar)).utf16 { print(unit: unit) }
      case .error(let length): for _ in 0..<length { print(unit: 0xFFFD) }
      case .emptyInput: break parsing
      }
    }
    put("\"")
  }

  private mutating func print(bytes: [UInt8]) {
    put("\"")
    for byte in bytes { print(unit: UInt16(byte)) }
    put("\"")
  }

  private mutating func print(unit: UInt16) {
    switch unit {
    case 0x22: put("\\\"")
    case 0x5C: put("\\\\")
    case 0x2F: put("\\/")
    case 0x08: put("\\b")
    case 0x0C: put("\\f")
    case 0x0A: put("\\n")
    case 0x0D: put("\\r")
    case 0x09: put("\\t")
    case 0x20...0x7E: text.append(UInt8(truncatingIfNeeded: unit))
    default:
      put("\\u")
      for shift in [12, 8, 4, 0] { text.append(Hexadecimal.capitalDigit(UInt8(truncatingIfNeeded: unit >> shift))) }
    }
  }
}
