/// One value of a parsed document: a position on simdjson's tape.
///
/// Valid only inside the closure of `JSONDocument.parse`.
public struct JSONValue {
  /// What a value is.
  public enum Kind: Sendable {
    /// Members in order.
    case object
    /// Elements in order.
    case array
    /// Text.
    case string
    /// An integer or a fraction.
    case number
    /// True or false.
    case boolean
    /// Null.
    case null
  }

  @usableFromInline let tape: UnsafePointer<UInt64>
  @usableFromInline let strings: UnsafePointer<UInt8>
  @usableFromInline let index: Int

  @usableFromInline
  init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
    self.tape = tape
    self.strings = strings
    self.index = index
  }

  /// The tape's type letter of this value.
  @inlinable var tag: UInt8 { UInt8(truncatingIfNeeded: tape[index] >> 56) }

  /// What this value is.
  @inlinable public var kind: Kind {
    switch tag {
    case Tag.object: .object
    case Tag.array: .array
    case Tag.string: .string
    case Tag.true, Tag.false: .boolean
    case Tag.null: .null
    default: .number
    }
  }

  /// Where the next value of the same container begins.
  @inlinable var next: Int {
    switch tag {
    case Tag.object, Tag.array: Int(truncatingIfNeeded: tape[index] & 0xFFFF_FFFF)
    case Tag.signed, Tag.unsigned, Tag.double: index + 2
    default: index + 1
    }
  }

  /// Whether the value is null.
  @inlinable public var isNull: Bool { tag == Tag.null }

  /// The text of a string, without copying it; nil for any other kind.
  @inlinable public var text: JSONText? {
    guard tag == Tag.string else { return nil }
    return text(at: index)
  }

  @inlinable func text(at index: Int) -> JSONText {
    let start = strings + Int(truncatingIfNeeded: tape[index] & 0x00FF_FFFF_FFFF_FFFF)
    let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return JSONText(start: start + 4, count: Int(length))
  }

  /// A string's text; nil for any other kind.
  @inlinable public var string: String? { text?.string }

  /// True or false; nil for any other kind.
  @inlinable public var boolean: Bool? {
    switch tag {
    case Tag.true: true
    case Tag.false: false
    default: nil
    }
  }

  /// A number without a fraction that fits 64 bits (1.0 and 1e3 are integers too); nil for anything else.
  @inlinable public var integer: Int64? {
    switch tag {
    case Tag.signed: Int64(bitPattern: tape[index + 1])
    case Tag.unsigned: Int64(exactly: tape[index + 1])
    case Tag.double: Int64(exactly: Double(bitPattern: tape[index + 1]))
    default: nil
    }
  }

  /// A number as a double, always finite; nil for any other kind.
  @inlinable public var number: Double? {
    switch tag {
    case Tag.signed: Double(Int64(bitPattern: tape[index + 1]))
    case Tag.unsigned: Double(tape[index + 1])
    case Tag.double: Double(bitPattern: tape[index + 1])
    default: nil
    }
  }

  /// A bound on the length of the value's compact text, found without writing it.
  public var lengthBound: Int {
    var bound = 0
    var position = index
    while position < next {
      switch UInt8(truncatingIfNeeded: tape[position] >> 56) {
      // A byte may take six, as `\u0001`.
      case Tag.string: bound += text(at: position).count * 6 + 3
      case Tag.signed, Tag.unsigned, Tag.double:
        bound += 26
        position += 1
      default: bound += 6
      }
      position += 1
    }
    return bound
  }

  /// The members of an object, none for any other kind.
  @inlinable public var members: JSONMembers {
    JSONMembers(value: self, index: index + 1, end: tag == Tag.object ? next - 1 : index + 1)
  }

  /// The elements of an array, none for any other kind.
  @inlinable public var elements: JSONElements {
    JSONElements(value: self, index: index + 1, end: tag == Tag.array ? next - 1 : index + 1)
  }

  /// The first member with that name; nil if there is none or this is not an object.
  @inlinable public subscript(_ name: StaticString) -> JSONValue? {
    for (key, value) in members where key == name { return value }
    return nil
  }

  /// The first member with that name; nil if there is none or this is not an object.
  @inlinable public subscript(named name: String) -> JSONValue? {
    for (key, value) in members where key.matches(name) { return value }
    return nil
  }
}
