/// A JSON object without its large parts: its short members, and those of the objects in it.
///
/// It is made from bytes that arrive piece by piece, and keeps few of them whatever the object holds: members with arrays, long strings or
/// long names, or nested too deeply, are left out. Text that is not an object, or breaks off, makes a skeleton that is not JSON.
struct JSONSkeleton {
  /// What the scan met.
  enum Event: Equatable {
    /// The bytes are used up.
    case usedUp
    /// The value of the wanted member begins at the position.
    case memberBegins
    /// The value of the wanted member ended before the position.
    case memberEnds
    /// The object ended before the position.
    case ends
  }

  /// Nested objects are scanned down to this depth.
  private static let depthLimit = 4
  /// Most bytes of a kept member, not counting its name.
  private static let valueLimit = 1_024
  /// Most bytes of a kept name.
  private static let nameLimit = 256
  /// About as many bytes are kept of each of the object's own members, and four times as many in all.
  private static let memberLimit = 16 << 10

  private enum Step {
    case beginning
    case member
    case name(JSONValueScan)
    case colon
    case value
    /// A value is skipped, and kept as far as `isKeeping` says.
    case passing(JSONValueScan)
    /// The rest of the object's current member is skipped, since enough is kept.
    case leaving(JSONValueScan)
    /// The text is invalid: only its end is looked for.
    case broken(JSONValueScan)
    case over
  }

  /// The kept bytes: JSON text, if the input was.
  private(set) var bytes: [UInt8] = []
  /// Whether one of the names that rule out the member has come before it.
  private(set) var isRuledOut = false
  private let member: StaticString
  private let rulingOut: [StaticString]
  private var step = Step.beginning
  private var depth = 0
  private var name: [UInt8] = []
  /// Where the current member begins.
  private var mark = 0
  /// Where the object's own current member begins.
  private var ownMark = 0
  private var isKeeping = false
  private var hasFound = false
  private var isInside = false

  /// A skeleton of an object whose first byte is still to be read.
  ///
  /// - Parameters:
  ///   - member: The object's own member to find.
  ///   - names: The member is not looked for after a member with one of these names.
  init(lookingFor member: StaticString, unless names: [StaticString] = []) {
    self.member = member
    rulingOut = names
  }

  /// Reads on from a position and moves it, up to the next event.
  mutating func read(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Event {
    while position < text.count {
      if let event = advance(text, &position) { return event }
    }
    return .usedUp
  }

  /// The member that begins here was read by another reader.
  mutating func skipMember() {
    isInside = false
    step = .member
  }

  private mutating func advance(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Event? {
    switch step {
    case .beginning:
      open()
      position += 1
    case .member: return readMember(text, &position)
    case .name(var scan):
      let end = scan.end(in: text, from: position)
      keepName(text[position..<(end ?? text.count)])
      position = end ?? text.count
      step = end == nil ? .name(scan) : .colon
      if end != nil { endName() }
    case .colon:
      let byte = text[position]
      if byte == UInt8(ascii: ":") {
        position += 1
        step = .value
      } else if Self.isSpace(byte) {
        position += 1
      } else {
        breakOff()
      }
    case .value: return readValue(text, &position)
    case .passing(var scan):
      let end = scan.end(in: text, from: position)
      keepValue(text[position..<(end ?? text.count)])
      position = end ?? text.count
      step = .passing(scan)
      if end != nil { return endValue() }
    case .leaving(var scan):
      let end = scan.end(in: text, from: position)
      position = end ?? text.count
      step = .leaving(scan)
      if end != nil { return endValue() }
    case .broken(var scan):
      let end = scan.end(in: text, from: position)
      position = end ?? text.count
      step = end == nil ? .broken(scan) : .over
      if end != nil { return .ends }
    case .over: return .ends
    }
    return nil
  }

  // MARK: Steps

  private mutating func open() {
    bytes.append(UInt8(ascii: "{"))
    depth += 1
    step = .member
  }

  private mutating func readMember(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Event? {
    switch text[position] {
    case UInt8(ascii: "\"") where depth > 1 && isFull:
      bytes.append(contentsOf: repeatElement(UInt8(ascii: "}"), count: depth - 1))
      step = .leaving(JSONValueScan(depth: depth - 1))
      depth = 1
    case UInt8(ascii: "\""):
      name.removeAll(keepingCapacity: true)
      step = .name(JSONValueScan(first: UInt8(ascii: "\"")))
    case UInt8(ascii: "}"):
      position += 1
      bytes.append(UInt8(ascii: "}"))
      depth -= 1
      return endValue()
    case let byte where byte == UInt8(ascii: ",") || Self.isSpace(byte): position += 1
    default: breakOff()
    }
    return nil
  }

  private mutating func readValue(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Event? {
    let byte = text[position]
    if Self.isSpace(byte) {
      position += 1
      return nil
    }
    if depth == 1, !hasFound, !isRuledOut, isNamed(member) {
      (hasFound, isInside) = (true, true)
      return .memberBegins
    }
    switch byte {
    case UInt8(ascii: "{") where depth < Self.depthLimit && beginMember():
      position += 1
      open()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      isKeeping = false
      step = .passing(JSONValueScan(first: byte))
    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"): breakOff()
    default:
      mark = bytes.count
      isKeeping = beginMember()
      step = .passing(JSONValueScan(first: byte))
    }
    return nil
  }

  private mutating func endValue() -> Event? {
    step = .member
    if depth == 0 {
      step = .over
      return .ends
    }
    guard depth == 1, isInside else { return nil }
    isInside = false
    return .memberEnds
  }

  private mutating func breakOff() {
    bytes.append(UInt8(ascii: "?"))
    step = .broken(JSONValueScan(depth: depth))
  }

  // MARK: Keeping

  private mutating func keepName(_ part: Slice<UnsafeRawBufferPointer>) {
    name.append(contentsOf: part.prefix(Self.nameLimit + 2 - name.count))
  }

  private mutating func endName() {
    if depth == 1, rulingOut.contains(where: isNamed) { isRuledOut = true }
  }

  /// Whether no further member is kept here.
  private var isFull: Bool {
    depth == 1 ? bytes.count >= 4 * Self.memberLimit : bytes.count - ownMark >= Self.memberLimit
  }

  /// Writes the member's name, if it is to be kept.
  private mutating func beginMember() -> Bool {
    guard name.count < Self.nameLimit + 2, !isFull else { return false }
    if depth == 1 { ownMark = bytes.count }
    if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    bytes.append(contentsOf: name)
    bytes.append(UInt8(ascii: ":"))
    return true
  }

  private mutating func keepValue(_ part: Slice<UnsafeRawBufferPointer>) {
    guard isKeeping else { return }
    if bytes.count - mark + part.count <= Self.valueLimit + name.count {
      bytes.append(contentsOf: part)
    } else {
      bytes.removeLast(bytes.count - mark)
      isKeeping = false
    }
  }

  private func isNamed(_ other: StaticString) -> Bool {
    name.count == other.utf8CodeUnitCount + 2
      && name.dropFirst().dropLast().elementsEqual(UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
