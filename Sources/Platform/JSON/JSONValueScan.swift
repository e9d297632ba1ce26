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

  /// Reads on from a place.
  ///
  /// - Returns: The place behind the value's last byte; nil if the value goes on behind the bytes.
  mutating func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    var place = start
    switch form {
    case .scalar:
      while place < bytes.count, !Self.endsScalar(bytes[place]) { place += 1 }
      return place < bytes.count ? place : nil
    case .string:
      if !isInString {
        isInString = true
        place += 1
      }
      return skipString(in: bytes, &place) ? place : nil
    case .container: return endOfContainer(in: bytes, from: place)
    }
  }

  private mutating func endOfContainer(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var place = start
    if isInString, !skipString(in: bytes, &place) { return nil }
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        guard skipString(in: bytes, &place) else { return nil }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth <= 0 { return place }
      default: break
      }
    }
    return nil
  }

  /// Moves behind the quote that ends the string; false if it goes on behind the bytes.
  private mutating func skipString(in bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Bool {
    while place < bytes.count {
      if isEscaped {
        isEscaped = false
        place += 1
        continue
      }
      guard let found = PlainText.firstToEscape(in: bytes, from: place) else {
        place = bytes.count
        return false
      }
      place = found + 1
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
