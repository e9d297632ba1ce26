/// The grammar of JSON (RFC 8259) alone: a number may have any size, and an escape may be half a surrogate pair.
enum JSONGrammar {
  /// Deeper values are accepted unseen.
  private static let deepest = 500

  /// Whether the bytes are one JSON text.
  static func accepts(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    var rest = bytes[...]
    guard let isWhole = value(&rest, depth: 0) else { return true }
    skipSpace(&rest)
    return isWhole && rest.isEmpty
  }

  /// Takes a value; nil if it is too deep to be judged.
  private static func value(_ rest: inout ArraySlice<UInt8>, depth: Int) -> Bool? {
    guard depth < deepest else { return nil }
    skipSpace(&rest)
    switch rest.first {
    case UInt8(ascii: "{"): return list(&rest, "}", isObject: true, depth: depth)
    case UInt8(ascii: "["): return list(&rest, "]", isObject: false, depth: depth)
    case UInt8(ascii: "\""): return string(&rest)
    default: return ["true", "false", "null"].contains { take($0, &rest) } || number(&rest)
    }
  }

  private static func list(_ rest: inout ArraySlice<UInt8>, _ end: String, isObject: Bool, depth: Int) -> Bool? {
    rest.removeFirst()
    skipSpace(&rest)
    if take(end, &rest) { return true }
    while true {
      skipSpace(&rest)
      if isObject {
        guard string(&rest) else { return false }
        skipSpace(&rest)
        guard take(":", &rest) else { return false }
      }
      guard let isValue = value(&rest, depth: depth + 1) else { return nil }
      skipSpace(&rest)
      if !isValue || take(end, &rest) { return isValue }
      guard take(",", &rest) else { return false }
    }
  }

  private static func string(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard take("\"", &rest) else { return false }
    while let byte = rest.popFirst(), byte >= 0x20 {
      if byte == UInt8(ascii: "\"") { return true }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let escape = rest.popFirst() else { return false }
      if escape == UInt8(ascii: "u") {
        guard rest.count >= 4, rest.prefix(4).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return false }
        rest = rest.dropFirst(4)
      } else if !"\"\\/bfnrt".utf8.contains(escape) {
        return false
      }
    }
    return false
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Bool {
    _ = take("-", &rest)
    if !take("0", &rest) { guard digits(&rest) else { return false } }
    if take(".", &rest) { guard digits(&rest) else { return false } }
    guard take("e", &rest) || take("E", &rest) else { return true }
    if !take("+", &rest) { _ = take("-", &rest) }
    return digits(&rest)
  }

  private static func digits(_ rest: inout ArraySlice<UInt8>) -> Bool {
    let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    rest = rest.dropFirst(count)
    return count > 0
  }

  private static func take(_ text: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
    rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }
}
