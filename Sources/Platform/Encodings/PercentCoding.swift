/// Percent-encoding of paths and queries.
package enum PercentCoding {
  /// The text with each byte of its UTF-8 that is not kept as an escape with capital letters.
  package static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(isKept) { return text }
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      if isKept(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), Hexadecimal.capitalDigit(byte >> 4), Hexadecimal.capitalDigit(byte)]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// The text with its escapes resolved; a broken escape stays as it is, and so does a text whose escapes are not UTF-8.
  package static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || plusIsSpace && $0 == UInt8(ascii: "+") }) else { return String(text) }
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    var position = 0
    while position < source.count {
      let byte = source[position]
      position += 1
      if byte == UInt8(ascii: "%"), position + 1 < source.count, let high = Hexadecimal.value(source[position]),
        let low = Hexadecimal.value(source[position + 1])
      {
        bytes.append(high << 4 | low)
        position += 2
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(validating: bytes, as: UTF8.self) ?? String(text)
  }

  /// The query's pairs, decoded, in order.
  package static func pairs(_ query: Substring) -> [(name: String, value: String)] {
    query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decode(parts[0], plusIsSpace: true), parts.count > 1 ? decode(parts[1], plusIsSpace: true) : "")
    }
  }
}
