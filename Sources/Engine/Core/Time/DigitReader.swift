/// Reads fixed-width numbers and separators from a text in one pass from left to right.
///
/// It points into the text and must not outlive it; each use stays within one `withUnsafeBufferPointer`.
struct DigitReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// The number in the next `count` digits, or nil if there are fewer.
  mutating func number(digits count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Consumes the next byte if it is a digit and returns its value.
  mutating func digit() -> Int? {
    guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return nil }
    defer { position += 1 }
    return Int(bytes[position] - 0x30)
  }

  /// Consumes the next byte if it is `expected`.
  mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == expected.value else { return false }
    position += 1
    return true
  }

  /// Consumes a date written `YYYY-MM-DD`.
  mutating func date() -> CivilDate? {
    guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"), let day = number(digits: 2) else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }
}
