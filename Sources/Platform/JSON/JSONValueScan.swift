/// Finds the end of one JSON value in bytes that arrive piece by piece, by brackets and quotes alone.
///
/// It checks nothing inside the value: any closing bracket closes any opening one, as in `JSONExtent`.
struct JSONValueScan {
  private enum Form {
    case scalar
    case string
    case container
  }

  private let form: Form
  private var depth: Int
  private var isInString: Bool
  private var isEscaped = false

  /// A scan of the value that begins with this byte, which is still to be read.
  init(first byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["): (form, depth, isInString) = (.container, 0, false)
    case UInt8(ascii: "\""): (form, depth, isInString) = (.string, 0, false)
    default: (form, depth, isInString) = (.scalar, 0, false)
    }
  }

  /// A scan of the rest of a value, starting outside a string, that many brackets deep.
  init(depth: Int) {
    (form, self.depth, isInString) = (.container, depth, false)
  }

  /// Reads on from a position.
  ///
  /// - Returns: The position after the value's last byte; nil if the value goes on after the bytes.
  mutating func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    var position = start
    switch form {
    case .scalar:
      while position < bytes.count, !Self.endsScalar(bytes[position]) { position += 1 }
      return position < bytes.count ? position : nil
    case .string:
      if !isInString {
        isInString = true
        position += 1
      }
      return skipString(in: bytes, &position) ? position : nil
    case .container: return endOfContainer(in: bytes, from: position)
    }
  }

  private mutating func endOfContainer(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    if isInString, !skipString(in: bytes, &position) { return nil }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        guard skipString(in: bytes, &position) else { return nil }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth <= 0 { return position }
      default: break
      }
    }
    return nil
  }

  /// Moves past the quote that ends the string; false if the string goes on after the bytes.
  private mutating func skipString(in bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
    while position < bytes.count {
      if isEscaped {
        isEscaped = false
        position += 1
        continue
      }
      guard let found = PlainText.firstToEscape(in: bytes, from: position) else {
        position = bytes.count
        return false
      }
      position = found + 1
      switch bytes[found] {
      case UInt8(ascii: "\""):
        isInString = false
        return true
      case UInt8(ascii: "\\"): isEscaped = true
      default: break
      }
    }
    return false
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), 0x20, 0x09...0x0D: true
    // No scalar goes on like this; what begins here must be counted as in any container.
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): true
    default: false
    }
  }
}
