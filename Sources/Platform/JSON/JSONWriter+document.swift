extension JSONWriter {
  /// Writes a JSON text as a string, so that a keeper of the string returns the text byte for byte.
  ///
  /// `<`, `>`, `&`, U+2028 and U+2029 are first escaped in the text itself, which does not change its meaning: some keepers write them like
  /// this when they return the text as JSON, and the bytes must be the same either way.
  ///
  /// - Parameter text: An object or array without white space between its tokens.
  public mutating func string(holding text: [UInt8]) {
    comma()
    needsComma = true
    buffer.reserve(text.count + text.count / 4 + 2)
    buffer.append(UInt8(ascii: "\""))
    text.withUnsafeBytes { bytes in
      var position = 0
      while position + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        // All eight bytes are copied; those from the first escaped one on are written again.
        let run = HeldText.plainBytes(in: word)
        buffer.append(word, count: run)
        position += run
        guard run < 8 else { continue }
        let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * run))
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          buffer.append(UInt64(byte) << 8 | UInt64(UInt8(ascii: "\\")), count: 2)
          position += 1
        } else {
          position += escapeHeld(bytes, at: position)
        }
      }
      while position < bytes.count {
        if HeldText.hasToBeEscaped(bytes[position]) {
          position += escapeHeld(bytes, at: position)
        } else {
          buffer.append(bytes[position])
          position += 1
        }
      }
    }
    buffer.append(UInt8(ascii: "\""))
  }

  /// Writes a byte that is not plain, or the character that begins there; returns the bytes it took.
  private mutating func escapeHeld(_ text: UnsafeRawBufferPointer, at position: Int) -> Int {
    switch text[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      buffer.append(UInt8(ascii: "\\"))
      buffer.append(text[position])
    case UInt8(ascii: "<"): buffer.append("\\\\u003c")
    case UInt8(ascii: ">"): buffer.append("\\\\u003e")
    case UInt8(ascii: "&"): buffer.append("\\\\u0026")
    case HeldText.separatorLead:
      guard let last = HeldText.separator(in: text, at: position) else {
        buffer.append(text[position])
        return 1
      }
      buffer.append(last == 0xA8 ? "\\\\u2028" : "\\\\u2029")
      return 3
    default: escape(text[position])
    }
    return 1
  }

  /// The most bytes that `string(holding:)` takes for a text, quotes included.
  ///
  /// - Parameter text: The text.
  /// - Returns: The bytes; the bound is exact unless the text has characters from U+2000 to U+2FFF or control characters.
  public static func size(holding text: [UInt8]) -> Int {
    text.withUnsafeBytes { bytes in
      var growth = HeldText.Growth()
      var position = 0
      while position + 8 <= bytes.count {
        growth.add(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        position += 8
      }
      // Spaces do not grow.
      var last = UInt64(0x2020_2020_2020_2020)
      for byte in bytes[position...] { last = last << 8 | UInt64(byte) }
      growth.add(last)
      return bytes.count + growth.bytes + 2
    }
  }
}
