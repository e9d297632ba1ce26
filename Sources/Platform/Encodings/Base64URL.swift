/// Base64url without padding (RFC 4648, 5; RFC 7515, 2); each text has exactly one decoding and one encoding.
package enum Base64URL {
  /// Decodes a text; nil if it is not the canonical encoding of its bytes.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var count = 0
    for character in text {
      guard let value = value(of: character) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= 1 << UInt32(count) - 1
      }
    }
    // The unused bits of the last character must be zero, or two texts would decode to the same bytes.
    return bits == 0 ? bytes : nil
  }

  /// Whether all characters are in the alphabet.
  package static func holdsOnlyItsCharacters(_ text: UnsafeBufferPointer<UInt8>.SubSequence) -> Bool {
    text.allSatisfy { value(of: $0) != nil }
  }

  @inline(__always)
  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
