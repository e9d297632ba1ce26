/// Writes fixed-width numbers and separators as ASCII.
struct DigitWriter {
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var count = 0

  /// The text produced by `write`, of at most `capacity` digits and separators.
  static func text(capacity: Int, _ write: (inout Self) -> Void) -> String {
    String(unsafeUninitializedCapacity: capacity) { buffer in
      var writer = Self(buffer: buffer)
      write(&writer)
      return writer.count
    }
  }

  private init(buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

  mutating func append(_ value: Int, digits: Int) {
    var rest = value
    for index in (count..<count + digits).reversed() {
      buffer[index] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
      rest /= 10
    }
    count += digits
  }

  mutating func append(_ separator: Unicode.Scalar) {
    buffer[count] = UInt8(ascii: separator)
    count += 1
  }

  mutating func append(_ date: CivilDate) {
    append(date.year, digits: 4)
    append("-")
    append(date.month, digits: 2)
    append("-")
    append(date.day, digits: 2)
  }
}
