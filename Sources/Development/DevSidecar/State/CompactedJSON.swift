internal import Encodings

/// A JSON text as Go's encoder embeds it in an answer: without white space, with `<`, `>`, `&`, U+2028 and U+2029 escaped.
///
/// It checks what Go's scanner checks: numbers of any size, halves of surrogates and bytes that are not UTF-8 pass.
struct CompactedJSON {
  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// Where the text begins that is copied unchanged once it ends.
  private var start = 0
  private var output: [UInt8] = []
  /// Whether each open container is an object.
  private var open: [Bool] = []
  /// The depth that Go's decoder accepts.
  private static let depthLimit = 10_000

  /// The compacted text; nil if it is not JSON.
  static func bytes(of text: [UInt8]) -> [UInt8]? {
    text.withUnsafeBufferPointer { buffer in
      var compacted = CompactedJSON(text: buffer)
      guard compacted.run() else { return nil }
      // Usually there is nothing to do.
      guard compacted.start > 0 else { return text }
      compacted.flush(upTo: buffer.count)
      return compacted.output
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
    return position == text.count
  }

  /// Reads a value, or the head of a container, and what closes behind it; afterwards the next value is due, or nothing is open.
  private mutating func value() -> Bool {
    skipSpace()
    guard position < text.count else { return false }
    switch text[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return container(isObject: text[position] == UInt8(ascii: "{"))
    case UInt8(ascii: "\""): return string() && close()
    case UInt8(ascii: "t"): return literal("true") && close()
    case UInt8(ascii: "f"): return literal("false") && close()
    case UInt8(ascii: "n"): return literal("null") && close()
    default: return number() && close()
    }
  }

  private mutating func container(isObject: Bool) -> Bool {
    guard open.count < Self.depthLimit else { return false }
    position += 1
    skipSpace()
    if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return close() }
    open.append(isObject)
    return !isObject || key()
  }

  private mutating func key() -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: "\""), string() else { return false }
    skipSpace()
    return take(UInt8(ascii: ":"))
  }

  /// Behind a value: a comma, or the ends of containers.
  private mutating func close() -> Bool {
    while let isObject = open.last {
      skipSpace()
      if take(UInt8(ascii: ",")) { return !isObject || key() }
      guard take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
      open.removeLast()
    }
    return true
  }

  private mutating func skipSpace() {
    let first = position
    while position < text.count, isSpace(text[position]) { position += 1 }
    guard position > first else { return }
    flush(upTo: first)
    start = position
  }

  /// Copies unchanged bytes to the output.
  private mutating func flush(upTo end: Int) {
    output.append(contentsOf: text[start..<end])
    start = end
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func literal(_ name: StaticString) -> Bool {
    let end = position + name.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    guard end <= text.count, text[position..<end].elementsEqual(expected) else { return false }
    position = end
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
    let first = position
    while position < text.count, isDigit(text[position]) { position += 1 }
    return position > first
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func string() -> Bool {
    position += 1
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return true
      } else if byte == UInt8(ascii: "\\") {
        guard let length = escapeLength() else { return false }
        position += length
      } else if byte < 0x20 {
        return false
      } else if GoEscaping.isHTML(byte) {
        escape(byte)
      } else {
        position += 1
      }
    }
    return false
  }

  private mutating func escape(_ byte: UInt8) {
    let isSeparator = byte == 0xE2
    guard !isSeparator || GoEscaping.isSeparator(at: position, in: text) else {
      position += 1
      return
    }
    flush(upTo: position)
    output += isSeparator ? GoEscaping.code(high: 0x20, low: text[position + 2] & 0x2F) : GoEscaping.code(high: 0, low: byte)
    position += isSeparator ? 3 : 1
    start = position
  }

  /// The length of the escape at the position; nil if it is not one.
  private func escapeLength() -> Int? {
    guard position + 1 < text.count else { return nil }
    switch text[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard position + 5 < text.count else { return nil }
      return text[(position + 2)...(position + 5)].allSatisfy { Hexadecimal.value($0) != nil } ? 6 : nil
    default: return nil
    }
  }
}
