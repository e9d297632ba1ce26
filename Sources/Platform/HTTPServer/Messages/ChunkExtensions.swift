/// The extensions behind a chunk's size (RFC 9112, 7.1.1).
enum ChunkExtensions {
  /// Whether the bytes are any number of names behind semicolons, each with or without a value, as tokens or in quotes.
  static func areWellFormed(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      rest = rest.drop(while: \.isBlank)
      guard rest.popFirst() == UInt8(ascii: ";") else { return false }
      rest = rest.drop(while: \.isBlank)
      guard takeToken(&rest) else { return false }
      let behind = rest.drop(while: \.isBlank)
      guard behind.first == UInt8(ascii: "=") else { continue }
      rest = behind.dropFirst().drop(while: \.isBlank)
      guard rest.first == UInt8(ascii: "\"") ? takeQuoted(&rest) : takeToken(&rest) else { return false }
    }
    return true
  }

  private static func takeToken(_ rest: inout ArraySlice<UInt8>) -> Bool {
    let behind = rest.drop(while: \.isTokenByte)
    defer { rest = behind }
    return behind.count < rest.count
  }

  private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> Bool {
    rest.removeFirst()
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return true }
      if byte == UInt8(ascii: "\\"), rest.popFirst() == nil { return false }
    }
    return false
  }
}
