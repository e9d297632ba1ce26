internal import Glibc

/// Writes compact JSON into bytes; the writer adds the commas.
///
/// Calls follow the text: `object` takes a closure that calls `member` for each member, `array` one that writes the elements. Numbers are
/// written in their shortest form that reads back as the same value; a number that JSON does not have (infinity, not a number) is written
/// as null.
public struct JSONWriter: ~Copyable {
  @usableFromInline var buffer: ByteBuffer
  @usableFromInline var needsComma = false

  /// A writer with room for that many bytes before it has to grow.
  public init(capacity: Int = 256) {
    buffer = ByteBuffer(capacity: capacity)
  }

  /// A copy of what has been written so far.
  public var bytes: [UInt8] { buffer.copy }

  /// Number of bytes written so far.
  @inlinable public var count: Int { buffer.count }

  /// Clears what has been written and keeps the room for the next text.
  public mutating func removeAll() {
    buffer.count = 0
    needsComma = false
  }

  /// What has been written so far, as text.
  public var text: String { buffer.text }

  /// Writes a string.
  public mutating func string(_ text: String) {
    text.utf8.span.withUnsafeBufferPointer { string($0) }
  }

  /// Writes a string that needs no escaping.
  @inlinable public mutating func string(_ text: StaticString) {
    plain(text)
    needsComma = true
  }

  /// Writes UTF-8 bytes as a string.
  public mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
    buffer.beginString(afterComma: needsComma)
    var rest = text
    while true {
      let plain = buffer.append(plainStartOf: rest)
      guard plain < rest.count else { break }
      escape(rest[plain])
      rest = UnsafeBufferPointer(rebasing: rest[(plain + 1)...])
    }
    buffer.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes an integer.
  @inlinable public mutating func integer(_ value: some FixedWidthInteger & SignedInteger) {
    comma()
    buffer.append(digitsOf: Int64(value))
    needsComma = true
  }

  /// Writes a number in its shortest form; whole numbers under 2^53 without a fraction.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    comma()
    needsComma = true
    // Shown scores have three decimals; with so few digits the shortest form is the digits themselves.
    if value.magnitude < 1e6, value != 0 {
      let thousandths = Int64(value.magnitude * 1000 + 0.5)
      if Double(thousandths) / 1000 == value.magnitude { return buffer.append(thousandths: thousandths, isNegative: value < 0) }
    } else if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, value.sign == .plus || whole != 0 {
      return buffer.append(digitsOf: whole)
    }
    value.description.utf8.span.withUnsafeBufferPointer { buffer.append($0) }
  }

  /// Writes true or false.
  @inlinable public mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

  /// Writes null.
  @inlinable public mutating func null() { literal("null") }

  /// Writes a string, or null if there is none.
  public mutating func string(_ text: String?) {
    if let text { string(text) } else { null() }
  }

  /// Writes a value that already is JSON text.
  public mutating func raw(_ json: some Collection<UInt8>) {
    comma()
    if json.withContiguousStorageIfAvailable({ buffer.append($0) }) == nil { Array(json).withUnsafeBufferPointer { buffer.append($0) } }
    needsComma = true
  }

  /// Copies a parsed value in compact form.
  public mutating func copy(_ value: JSONValue) {
    switch value.kind {
    case .object: object { json in for (name, member) in value.members { json.member(name, member) } }
    case .array: array(of: value.elements)
    case .string: string(value.text?.bytes ?? UnsafeBufferPointer(start: nil, count: 0))
    case .number: copyNumber(value)
    case .boolean: boolean(value.boolean ?? false)
    case .null: null()
    }
  }

  private mutating func copyNumber(_ value: JSONValue) {
    switch value.tag {
    case Tag.signed: integer(Int64(bitPattern: value.tape[value.index + 1]))
    case Tag.unsigned: raw(value.tape[value.index + 1].description.utf8)
    default: number(value.number ?? 0)
    }
  }

  /// Writes a member's name, which must not need escaping.
  @inlinable mutating func key(_ name: StaticString) {
    buffer.append(key: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), afterComma: needsComma)
    needsComma = false
  }

  /// Writes a member's name that is known at run time only.
  @usableFromInline
  mutating func key(named name: String) {
    string(name)
    buffer.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member's name as the parser found it.
  @usableFromInline
  mutating func key(_ name: JSONText) {
    string(name.bytes)
    buffer.append(UInt8(ascii: ":"))
    needsComma = false
  }

  @inlinable mutating func open(_ bracket: UInt8) {
    comma()
    buffer.append(bracket)
    needsComma = false
  }

  @inlinable mutating func close(_ bracket: UInt8) {
    buffer.append(bracket)
    needsComma = true
  }

  @inlinable mutating func comma() {
    if needsComma { buffer.append(UInt8(ascii: ",")) }
  }

  @inlinable mutating func literal(_ text: StaticString) {
    comma()
    buffer.append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    needsComma = true
  }

  /// Text in quotes that needs no escaping.
  @inlinable mutating func plain(_ text: StaticString) {
    comma()
    buffer.append(quoted: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func escape(_ byte: UInt8) {
    buffer.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer.append(byte)
    case UInt8(ascii: "\n"): buffer.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): buffer.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): buffer.append(UInt8(ascii: "t"))
    default:
      let digit = { (value: UInt8) in value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
      for byte in [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), digit(byte >> 4), digit(byte & 15)] { buffer.append(byte) }
    }
  }
}
