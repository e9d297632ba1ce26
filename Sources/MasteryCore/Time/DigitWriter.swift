/// Writes fixed-width numbers and separators as ASCII.
struct DigitWriter {
  private(set) var bytes: [UInt8] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ value: Int, digits: Int) {
    var unit = 1
    for _ in 1..<digits { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(value / unit % 10) + 0x30)
      unit /= 10
    }
  }

  mutating func append(_ separator: Unicode.Scalar) { bytes.append(UInt8(ascii: separator)) }

  mutating func append(_ date: CivilDate) {
    append(date.year, digits: 4)
    append("-")
    append(date.month, digits: 2)
    append("-")
    append(date.day, digits: 2)
  }
}
