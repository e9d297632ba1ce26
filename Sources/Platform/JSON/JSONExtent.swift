/// The positions of values in a text, found by brackets and quotes alone.
///
/// A bulk delivery holds the events of many senders. If one of them makes the whole text unreadable (bad UTF-8, 1e999, ten thousand
/// brackets), this scan still finds its neighbours, and each is then parsed by itself. It checks nothing inside a value.
public enum JSONExtent {
  /// The extent of an object's first member with that name; nil if the text is not an object or has no such member.
  public static func member(_ name: StaticString, in bytes: UnsafeRawBufferPointer, _ extent: Range<Int>) -> Range<Int>? {
    var scan = ExtentScan(bytes: bytes, position: extent.lowerBound, end: extent.upperBound)
    guard scan.skip(UInt8(ascii: "{")) else { return nil }
    while let key = scan.value() {
      guard scan.skip(UInt8(ascii: ":")), let value = scan.value() else { return nil }
      let inner = UnsafeRawBufferPointer(rebasing: bytes[key]).dropFirst().dropLast()
      if inner.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)) { return value }
      guard scan.skip(UInt8(ascii: ",")) else { return nil }
    }
    return nil
  }

  /// The extents of an array's elements up to the first position that is no longer an array.
  public static func elements(in bytes: UnsafeRawBufferPointer, _ extent: Range<Int>) -> [Range<Int>] {
    var scan = ExtentScan(bytes: bytes, position: extent.lowerBound, end: extent.upperBound)
    guard scan.skip(UInt8(ascii: "[")) else { return [] }
    var found: [Range<Int>] = []
    while let element = scan.value() {
      found.append(element)
      guard scan.skip(UInt8(ascii: ",")) else { break }
    }
    return found
  }
}

/// A walk over a text that steps from value to value.
private struct ExtentScan {
  let bytes: UnsafeRawBufferPointer
  var position: Int
  let end: Int

  mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Steps over the next value; nil at the end of a container or of the text.
  mutating func value() -> Range<Int>? {
    skipSpace()
    guard position < end else { return nil }
    let start = position
    switch bytes[position] {
    case UInt8(ascii: "\""): guard string() else { return nil }
    case UInt8(ascii: "{"), UInt8(ascii: "["): guard container() else { return nil }
    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"): return nil
    default: scalar()
    }
    return start..<position
  }

  private mutating func skipSpace() {
    while position < end, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) { position += 1 }
  }

  private mutating func string() -> Bool {
    position += 1
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\\"): position += 2
      case UInt8(ascii: "\""):
        position += 1
        return true
      default: position += 1
      }
    }
    position = end
    return false
  }

  private mutating func container() -> Bool {
    var depth = 0
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard string() else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func scalar() {
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), 0x20, 0x09...0x0D: return
      default: position += 1
      }
    }
  }
}
