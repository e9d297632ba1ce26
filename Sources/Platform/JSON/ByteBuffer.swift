internal import Glibc

/// A growing byte buffer that owns its memory.
@usableFromInline
struct ByteBuffer: ~Copyable {
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var count = 0
  @usableFromInline var capacity: Int

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    start = .allocate(capacity: self.capacity)
  }

  @inlinable deinit { start.deallocate() }

  var copy: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

  var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

  @inlinable mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    start[count] = byte
    count += 1
  }

  @inlinable mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if capacity - count < bytes.count { grow(by: bytes.count) }
    (start + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Makes room for that many more bytes.
  mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(by: more) }
  }

  /// Appends the lowest bytes of a word, at most eight; the bytes behind them may be overwritten with the rest of it.
  mutating func append(_ word: UInt64, count more: Int) {
    if capacity - count < 8 { grow(by: 8) }
    UnsafeMutableRawPointer(start + count).storeBytes(of: word.littleEndian, as: UInt64.self)
    count += more
  }

  /// Appends bytes between quotes.
  @inlinable mutating func append(quoted bytes: UnsafeBufferPointer<UInt8>) {
    if capacity - count < bytes.count + 2 { grow(by: bytes.count + 2) }
    start[count] = UInt8(ascii: "\"")
    if let source = bytes.baseAddress { (start + count + 1).update(from: source, count: bytes.count) }
    start[count + bytes.count + 1] = UInt8(ascii: "\"")
    count += bytes.count + 2
  }

  /// Appends a member's name that needs no escaping: in quotes, with a colon behind it, and a comma before it where one is needed.
  @usableFromInline
  mutating func append(key name: UnsafeBufferPointer<UInt8>, afterComma needsComma: Bool) {
    reserve(name.count + 4)
    var end = start + count
    if needsComma {
      end.pointee = UInt8(ascii: ",")
      end += 1
    }
    end.pointee = UInt8(ascii: "\"")
    end += 1
    if let source = name.baseAddress { end.update(from: source, count: name.count) }
    end += name.count
    end[0] = UInt8(ascii: "\"")
    end[1] = UInt8(ascii: ":")
    count = end - start + 2
  }

  /// Appends a string's first quote, and a comma before it where one is needed.
  mutating func beginString(afterComma needsComma: Bool) {
    if needsComma { append(UInt8(ascii: ",")) }
    append(UInt8(ascii: "\""))
  }

  /// Appends text up to the first byte that a JSON string has to escape, and says how many bytes that is.
  mutating func append(plainStartOf text: UnsafeBufferPointer<UInt8>) -> Int {
    guard let source = text.baseAddress else { return 0 }
    // Room for the quote behind it too.
    reserve(text.count + 1)
    let plain = PlainText.copyStart(of: UnsafeRawPointer(source), text.count, to: UnsafeMutableRawPointer(start + count))
    count += plain
    return plain
  }

  /// Appends a number's decimal digits.
  @usableFromInline
  mutating func append(digitsOf value: Int64) {
    if capacity - count < 20 { grow(by: 20) }
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    if rest < 10 { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)) }
    let first = count
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      start[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      count += 1
      rest = quotient
    } while rest > 0
    var digits = UnsafeMutableBufferPointer(start: start + first, count: count - first)
    digits.reverse()
  }

  /// Appends that many thousandths as a number without trailing zeros, and without a point where it is whole.
  mutating func append(thousandths value: Int64, isNegative: Bool) {
    if isNegative { append(UInt8(ascii: "-")) }
    let (whole, fraction) = value.quotientAndRemainder(dividingBy: 1000)
    append(digitsOf: whole)
    guard fraction > 0 else { return }
    reserve(4)
    let (tenths, rest) = UInt32(truncatingIfNeeded: fraction).quotientAndRemainder(dividingBy: 100)
    let (hundredths, thousandths) = rest.quotientAndRemainder(dividingBy: 10)
    let end = start + count
    end[0] = UInt8(ascii: ".")
    end[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: tenths)
    end[2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: hundredths)
    end[3] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: thousandths)
    count += thousandths > 0 ? 4 : hundredths > 0 ? 3 : 2
  }

  @usableFromInline
  mutating func grow(by more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = larger
  }
}
