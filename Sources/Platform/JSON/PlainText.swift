/// Text that JSON keeps unchanged: without quotes, backslashes and control characters.
enum PlainText {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Copies text up to the first byte that must be escaped.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - count: Its number of bytes.
  ///   - target: Where it goes; there must be room for all of it.
  /// - Returns: The number of bytes before the first that must be escaped.
  static func copyStart(of source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
    start(of: source, count, copiedTo: target)
  }

  /// The position of the first byte that must be escaped, at or after the given one; nil if there is none.
  static func firstToEscape(in bytes: UnsafeRawBufferPointer, from position: Int) -> Int? {
    guard let source = bytes.baseAddress else { return nil }
    let found = position + start(of: source + position, bytes.count - position, copiedTo: nil)
    return found < bytes.count ? found : nil
  }

  /// The number of bytes before the first that must be escaped, searched eight bytes at a time.
  @inline(__always)
  private static func start(of source: UnsafeRawPointer, _ count: Int, copiedTo target: UnsafeMutableRawPointer?) -> Int {
    var position = 0
    while position + 8 <= count {
      let word = source.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      guard isPlain(word) else { break }
      target?.storeBytes(of: word, toByteOffset: position, as: UInt64.self)
      position += 8
    }
    // The last bytes together with some that are known to be plain.
    if count >= 8, position + 8 > count {
      let word = source.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      if isPlain(word) {
        target?.storeBytes(of: word, toByteOffset: count - 8, as: UInt64.self)
        return count
      }
    }
    while position < count {
      let byte = source.load(fromByteOffset: position, as: UInt8.self)
      guard !hasToBeEscaped(byte) else { break }
      target?.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
      position += 1
    }
    return position
  }

  /// Whether none of eight bytes must be escaped.
  private static func isPlain(_ word: UInt64) -> Bool {
    let control = (word &- ones &* 0x20) & ~word
    return (control | zeros(word ^ ones &* 0x22) | zeros(word ^ ones &* 0x5C)) & tops == 0
  }

  /// Has a byte's top bit set if the byte is zero; the bits of later bytes mean nothing then.
  private static func zeros(_ word: UInt64) -> UInt64 {
    (word &- ones) & ~word
  }

  private static func hasToBeEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }
}
