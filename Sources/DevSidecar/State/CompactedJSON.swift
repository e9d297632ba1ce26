/// A JSON text as Go's encoder takes it into an answer: without white space, `<`, `>`, `&`, U+2028 and U+2029 escaped, all else as it was.
///
/// What is judged is what Go's scanner judges: numbers of any size, halves of surrogates and bytes that are no UTF-8 pass.
struct CompactedJSON {
  private let text: UnsafeBufferPointer<UInt8>
  private var place = 0
  private var output: [UInt8] = []
  /// Whether each open container is an object.
  private var open: [Bool] = []
  /// As deep as Go's decoder goes.
  private static let depthLimit = 10_000

  /// The compacted text; nil when it is no JSON.
  static func bytes(of text: [UInt8]) -> [UInt8]? {
    text.withUnsafeBufferPointer { buffer in
      var compacted = CompactedJSON(text: buffer)
      compacted.output.reserveCapacity(buffer.count)
      return compacted.run() ? compacted.output : nil
    }
  }

  private init(text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  private mutating func run() -> Bool {
    repeat {
      guard value() else { return false }
    } while !open.isEmpty
    skipSpace()
    return place == text.count
  }

  /// Takes a value, or the head of a container, and what closes behind it; afterwards the next value is due, or nothing is open.
  private mutating func value() -> Bool {
    skipSpace()
    guard place < text.count else { return false }
    switch text[place] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return container(isObject: text[place] == UInt8(ascii: "{"))
    case UInt8(ascii: "\""): return string() && close()
    case UInt8(ascii: "t"): return literal("true") && close()
    case UInt8(ascii: "f"): return literal("false") && close()
    case UInt8(ascii: "n"): return literal("null") && close()
    default: return number() && close()
    }
  }

  private mutating func container(isObject: Bool) -> Bool {
    guard open.count < Self.depthLimit else { return false }
    take()
    skipSpace()
    guard place < text.count else { return false }
    if text[place] == UInt8(ascii: isObject ? "}" : "]") {
      take()
      return close()
    }
    open.append(isObject)
    return !isObject || key()
  }

  private mutating func key() -> Bool {
    skipSpace()
    guard place < text.count, text[place] == UInt8(ascii: "\""), string() else { return false }
    skipSpace()
    return take(UInt8(ascii: ":"))
  }

  /// Behind a value: a comma, or the ends of containers.
  private mutating func close() -> Bool {
    while let isObject = open.last {
      skipSpace()
      if take(UInt8(ascii: ",")) { return !isObject || key() }
      guard take(UInt8(ascii: isObject ? "}" : "]")) else { return false }
      open.removeLast()
    }
    return true
  }

  private mutating func skipSpace() {
    while place < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[place]) { place += 1 }
  }

  private mutating func take() {
    output.append(text[place])
    place += 1
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard place < text.count, text[place] == byte else { return false }
    take()
    return true
  }

  private mutating func literal(_ name: StaticString) -> Bool {
    let end = place + name.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    guard end <= text.count, text[place..<end].elementsEqual(expected) else { return false }
    output.append(contentsOf: expected)
    place = end
    return true
  }

  private mutating func number() -> Bool {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")), !digits() { return false }
    if take(UInt8(ascii: ".")), !digits() { return false }
    guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return true }
    if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
    return digits()
  }

  /// One digit or more.
  private mutating func digits() -> Bool {
    let start = place
    while place < text.count, isDigit(text[place]) { take() }
    return place > start
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func string() -> Bool {
    take()
    var start = place
    while place < text.count {
      let byte = text[place]
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        output.append(contentsOf: text[start..<place])
        return true
      case UInt8(ascii: "\\"):
        guard let length = escapeLength() else { return false }
        place += length
      case 0..<0x20: return false
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0xE2:
        guard byte != 0xE2 || GoEscaping.isSeparator(at: place, in: text) else {
          place += 1
          continue
        }
        output.append(contentsOf: text[start..<place])
        let isSeparator = byte == 0xE2
        GoEscaping.appendCode(high: isSeparator ? 0x20 : 0, low: isSeparator ? text[place + 2] & 0x2F : byte, to: &output)
        place += isSeparator ? 3 : 1
        start = place
      default: place += 1
      }
    }
    return false
  }

  /// How long the escape at the place is; nil when it is none.
  private func escapeLength() -> Int? {
    guard place + 1 < text.count else { return nil }
    switch text[place + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard place + 5 < text.count else { return nil }
      return text[(place + 2)...(place + 5)].allSatisfy { Hexadecimal.value($0) != nil } ? 6 : nil
    default: return nil
    }
  }
}
