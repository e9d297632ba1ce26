/// A sentence put together piece by piece in one piece of memory.
struct SentenceWriter {
  private var bytes: [UInt8] = []

  /// An empty sentence, with room for one of the usual length.
  init() { bytes.reserveCapacity(128) }

  /// Ends the sentence with a full stop.
  ///
  /// - Returns: The sentence.
  mutating func end() -> String {
    append(".")
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func append(_ words: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount))
  }

  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a whole number.
  mutating func append(_ number: Int) {
    if number < 0 { append("-") }
    var unit: UInt = 1
    while number.magnitude / unit >= 10 { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number.magnitude / unit % 10))
      unit /= 10
    }
  }

  /// Appends a number that is not negative with at most three decimals, and none that say nothing.
  mutating func append(_ number: Double) {
    let thousandths = Int((Rounding.decimals(3, of: number) * 1_000).rounded())
    append(thousandths / 1_000)
    var rest = thousandths % 1_000
    if rest > 0 { append(".") }
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / 100))
      rest = rest % 100 * 10
    }
  }
}
