/// A header line, borrowed from the bytes that hold it.
struct FieldLine {
  let name: UnsafeRawBufferPointer
  /// The value without surrounding blanks.
  let value: UnsafeRawBufferPointer

  /// Reads a line without its end (RFC 9112, 5).
  ///
  /// - Throws: `HTTPRefusal` if it is folded, has no name, or has no colon right behind the name.
  static func read(_ line: UnsafeRawBufferPointer) throws(HTTPRefusal) -> Self {
    if let first = line.first, first.isBlank { throw .badFraming("a header is folded over two lines") }
    guard let colon = line.firstIndex(where: { !$0.isTokenByte }), colon > 0 else { throw .unreadable(status: 400) }
    guard line[colon] == UInt8(ascii: ":") else {
      if line[colon].isBlank, line.contains(UInt8(ascii: ":")) { throw .badFraming("a header name ends in a space") }
      throw .unreadable(status: 400)
    }
    var value = line[(colon + 1)...]
    while let first = value.first, first.isBlank { value = value.dropFirst() }
    while let last = value.last, last.isBlank { value = value.dropLast() }
    return Self(name: UnsafeRawBufferPointer(rebasing: line[..<colon]), value: UnsafeRawBufferPointer(rebasing: value))
  }

  /// The line as text.
  var text: HTTPField { HTTPField(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)) }

  /// Whether the header has that name, given in lower case.
  func isNamed(_ lowercase: StaticString) -> Bool { name.equalsIgnoringCase(lowercase) }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are the same ASCII letters, ignoring case; the text is given in lower case.
  func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    guard count == lowercase.utf8CodeUnitCount else { return false }
    for (position, byte) in enumerated() {
      let expected = lowercase.utf8Start[position]
      guard byte == expected || ((0x41...0x5A).contains(byte) && byte | 0x20 == expected) else { return false }
    }
    return true
  }
}
