extension JSONWriter {
  /// Writes a JSON text as a string, so that whoever keeps the string gives the text back byte for byte.
  ///
  /// `<`, `>`, `&`, U+2028 and U+2029 are first escaped in the text itself, which does not change what it says: some keepers write them
  /// so when they hand the text out as JSON, and it shall be the same bytes either way.
  ///
  /// - Parameter text: An object or array without white space between its tokens.
  public mutating func string(holding text: [UInt8]) {
    comma()
    text.withUnsafeBufferPointer { text in
      // Every byte takes two at the most, but for the rare ones that are escaped.
      buffer.reserve(2 * text.count + 2)
      buffer.append(UInt8(ascii: "\""))
      var place = 0
      while place < text.count {
        let byte = text[place]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          buffer.append(UInt8(ascii: "\\"))
          buffer.append(byte)
        case UInt8(ascii: "<"): buffer.append("\\\\u003c")
        case UInt8(ascii: ">"): buffer.append("\\\\u003e")
        case UInt8(ascii: "&"): buffer.append("\\\\u0026")
        case 0xE2 where place + 2 < text.count && text[place + 1] == 0x80 && text[place + 2] & 0xFE == 0xA8:
          buffer.append(text[place + 2] == 0xA8 ? "\\\\u2028" : "\\\\u2029")
          place += 2
        default: buffer.append(byte)
        }
        place += 1
      }
      buffer.append(UInt8(ascii: "\""))
    }
    needsComma = true
  }
}
