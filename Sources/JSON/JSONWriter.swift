/// Writes compact JSON into bytes; commas are put by the writer.
///
/// Calls follow the text: `beginObject`, then `key` and one value each, `endObject`. Numbers are written in their shortest form
/// that reads back as the same value; a number that JSON cannot say (infinity, not a number) is written as null.
public struct JSONWriter: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8]
  @usableFromInline var needsComma = false

  /// A writer with room for that many bytes.
  @inlinable
  public init(capacity: Int = 256) {
    self.init(bytes: [], capacity: capacity)
  }

  @usableFromInline
  init(bytes: [UInt8], capacity: Int) {
    self.bytes = bytes
    self.bytes.reserveCapacity(capacity)
  }

  /// Opens an object as the next value.
  public mutating func beginObject() {
    open(UInt8(ascii: "{"))
  }

  /// Closes the innermost object.
  public mutating func endObject() {
    close(UInt8(ascii: "}"))
  }

  /// Opens an array as the next value.
  public mutating func beginArray() {
    open(UInt8(ascii: "["))
  }

  /// Closes the innermost array.
  public mutating func endArray() {
    close(UInt8(ascii: "]"))
  }

  /// Writes a member's name; the name must need no escaping.
  public mutating func key(_ name: StaticString) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member's name that is known at run time only.
  public mutating func key(named name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  public mutating func string(_ text: String) {
    var text = text
    text.withUTF8 { string($0) }
  }

  /// Writes a string that needs no escaping.
  public mutating func string(_ text: StaticString) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes UTF-8 bytes as a string.
  public mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    escaped(text)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes an integer.
  public mutating func integer(_ value: some FixedWidthInteger & SignedInteger) {
    comma()
    digits(Int64(value))
    needsComma = true
  }

  /// Writes a number in its shortest form; whole numbers under 2^53 without a fraction.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, value.sign == .plus || whole != 0 { return integer(whole) }
    comma()
    var text = value.description
    text.withUTF8 { bytes.append(contentsOf: $0) }
    needsComma = true
  }

  /// Writes true or false.
  public mutating func boolean(_ value: Bool) {
    literal(value ? "true" : "false")
  }

  /// Writes null.
  public mutating func null() {
    literal("null")
  }

  /// Writes a value that is JSON text already.
  public mutating func raw(_ json: some Collection<UInt8>) {
    comma()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  /// Copies a parsed value, compact.
  public mutating func copy(_ value: JSONValue) {
    switch value.kind {
    case .object:
      beginObject()
      for (name, member) in value.members {
        string(name.bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        copy(member)
      }
      endObject()
    case .array:
      beginArray()
      for element in value.elements { copy(element) }
      endArray()
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

  private mutating func open(_ bracket: UInt8) {
    comma()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func comma() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func literal(_ text: StaticString) {
    comma()
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    needsComma = true
  }

  private mutating func digits(_ value: Int64) {
    var magnitude = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var place = 20
      repeat {
        place -= 1
        buffer[place] = UInt8(ascii: "0") + UInt8(magnitude % 10)
        magnitude /= 10
      } while magnitude > 0
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[place..<20]))
    }
  }

  /// Appends text with what JSON wants escaped; runs of plain bytes go in one piece.
  private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>) {
    var plain = 0
    for place in 0..<text.count {
      let byte = text[place]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain..<place]))
      escape(byte)
      plain = place + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain..<text.count]))
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    default:
      let hex = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), hex[Int(byte >> 4)], hex[Int(byte & 15)]])
    }
  }
}
