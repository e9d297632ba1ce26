/// 128 bits, shown as a UUID.
package struct Bits128: Hashable, Sendable {
  package var high: UInt64
  package var low: UInt64

  /// The UUID's 36 characters.
  package var uuid: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for nibble in 0..<32 {
        if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = nibble < 16 ? high : low
        buffer[position] = Hexadecimal.digit(word >> UInt64((15 - nibble % 16) * 4))
        position += 1
      }
      return position
    }
  }

  /// The same bits with the version and the variant of a UUID (RFC 9562, 4.1 and 4.2) in place.
  package func versioned(_ version: UInt64) -> Bits128 {
    Bits128(high: high & 0xFFFF_FFFF_FFFF_0FFF | version << 12, low: low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads a UUID's text; nil if it is not one.
  package init?(uuid text: String) {
    guard text.utf8.count == 36 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for (position, byte) in text.utf8.enumerated() {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let value = Hexadecimal.value(byte) else { return nil }
      words = (words.0 << 4 | words.1 >> 60, words.1 << 4 | UInt64(value))
    }
    self.init(high: words.0, low: words.1)
  }
}
