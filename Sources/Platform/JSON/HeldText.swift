/// JSON text that becomes a string, eight bytes at a time: which bytes stay unchanged, and how much the others grow.
enum HeldText {
  /// The first byte of U+2028 and U+2029, and of all other characters from U+2000 to U+2FFF.
  static let separatorLead: UInt8 = 0xE2

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080
  private static let rests: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

  /// Whether a byte is escaped, or may begin an escaped character.
  static func hasToBeEscaped(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), separatorLead: true
    default: false
    }
  }

  /// How many of eight bytes, the lowest first, come before one that must be escaped.
  static func plainBytes(in word: UInt64) -> Int {
    let control = (word &- ones &* 0x20) & ~word
    // Marks above a true one mean nothing, since a borrow may have made them. The lowest is always true.
    let marks = (control | zeros(quotes(word)) | zeros(word ^ ones &* 0x5C) | zeros(angles(word)) | zeros(word ^ ones &* 0xE2)) & tops
    return marks.trailingZeroBitCount / 8
  }

  /// The most by which words of eight bytes grow.
  struct Growth {
    private var counted = 0
    private var words = 0
    /// For each of the eight positions, how many bytes grow by one, and how many by up to six; each byte counts up to 255.
    private var byOne: UInt64 = 0
    private var bySix: UInt64 = 0

    /// The growth of all words.
    var bytes: Int { counted + sum(byOne) + 6 * sum(bySix) }

    /// Counts a word's bytes.
    mutating func add(_ word: UInt64) {
      byOne &+= (exactZeros(word ^ ones &* 0x22) | exactZeros(word ^ ones &* 0x5C)) >> 7
      // `\\u003c` for one byte; a control character takes less.
      let six =
        exactZeros(angles(word)) | exactZeros(word ^ ones &* 0x26) | exactZeros(word ^ ones &* 0xE2) | exactZeros(word & (ones &* 0xE0))
      bySix &+= six >> 7
      words += 1
      guard words == 255 else { return }
      counted = bytes
      (words, byOne, bySix) = (0, 0, 0)
    }

    /// The sum of the eight bytes of a word.
    private func sum(_ counts: UInt64) -> Int {
      let even: UInt64 = 0x00FF_00FF_00FF_00FF
      return Int((((counts & even) &+ ((counts >> 8) & even)) &* 0x0001_0001_0001_0001) >> 48)
    }
  }

  /// The last byte of U+2028 or U+2029 if one of these begins here; nil for another character.
  static func separator(in text: UnsafeRawBufferPointer, at position: Int) -> UInt8? {
    guard position + 2 < text.count, text[position + 1] == 0x80, text[position + 2] & 0xFE == 0xA8 else { return nil }
    return text[position + 2]
  }

  /// Zero in each byte that is `"` or `&`, which differ in one bit.
  private static func quotes(_ word: UInt64) -> UInt64 { (word | ones &* 0x04) ^ ones &* 0x26 }

  /// Zero in each byte that is `<` or `>`, which differ in one bit.
  private static func angles(_ word: UInt64) -> UInt64 { (word | ones &* 0x02) ^ ones &* 0x3E }

  /// Has a byte's top bit set if the byte is zero; the bits of later bytes mean nothing then.
  private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }

  /// Has a byte's top bit set if the byte is zero, and no other bit.
  private static func exactZeros(_ word: UInt64) -> UInt64 { ~(((word & rests) &+ rests) | word | rests) }
}
