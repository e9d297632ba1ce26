internal import Encodings

/// A position in a JSON text, and the steps that the recorded sidecar's reader takes through it, with its messages.
///
/// It reads one character after the other, guided by the schema, so it stops at the first that does not fit and looks at nothing behind.
struct AvroText {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  static let short = AvroFailure("short buffer")

  /// What is left, as text.
  var rest: String { String(decoding: bytes[position...], as: UTF8.self) }

  /// Whether a word stands here.
  func begins(with word: StaticString) -> Bool {
    word.withUTF8Buffer { bytes[position...].starts(with: $0) }
  }

  /// Steps over a word, if it stands here.
  mutating func take(_ word: StaticString) -> Bool {
    guard begins(with: word) else { return false }
    position += word.utf8CodeUnitCount
    return true
  }

  /// Steps over white space to the next character; nil if there is none.
  mutating func next() -> UInt8? {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  /// Steps over one character.
  mutating func step() { position += 1 }

  /// Steps over white space and a character that must stand behind it.
  mutating func expect(_ character: UInt8) throws(AvroFailure) {
    guard let found = next() else { throw Self.short }
    guard found == character else { throw AvroFailure("expected: \(Self.quoted(character)); actual: \(Self.quoted(found))") }
    step()
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09...0x0D, 0x20, 0x85, 0xA0: true
    default: false
    }
  }

  /// A byte as Go's `%q` prints it.
  static func quoted(_ byte: UInt8) -> String {
    switch byte {
    case 0x27: return "'\\''"
    case 0x5C: return "'\\\\'"
    case 0x07: return "'\\a'"
    case 0x08: return "'\\b'"
    case 0x09: return "'\\t'"
    case 0x0A: return "'\\n'"
    case 0x0B: return "'\\v'"
    case 0x0C: return "'\\f'"
    case 0x0D: return "'\\r'"
    case 0x20...0x7E, 0xA1...0xAC, 0xAE...0xFF: return "'\(Character(Unicode.Scalar(byte)))'"
    case 0..<0x20, 0x7F: return "'\\x\(hexadecimal(byte))'"
    default: return "'\\u00\(hexadecimal(byte))'"
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    String(decoding: [Hexadecimal.digit(UInt64(byte) >> 4), Hexadecimal.digit(UInt64(byte))], as: UTF8.self)
  }

  /// A byte as Go's `%#U` prints it.
  private static func named(_ byte: UInt8) -> String {
    let code = "U+00" + String(decoding: [Hexadecimal.capitalDigit(byte >> 4), Hexadecimal.capitalDigit(byte)], as: UTF8.self)
    switch byte {
    case 0x20...0x7E, 0xA1...0xAC, 0xAE...0xFF: return "\(code) '\(Character(Unicode.Scalar(byte)))'"
    default: return code
    }
  }

  // MARK: Numbers

  /// The characters of a number.
  mutating func number(allowsFraction: Bool) throws(AvroFailure) -> String {
    let start = position
    if take("-"), position == bytes.count { throw Self.short }
    guard position < bytes.count else { throw Self.short }
    if !take("0") { try digits(upTo: 1) }
    if allowsFraction {
      if take(".") { try digits(upTo: 1) }
      if take("e") || take("E") {
        if !take("+") { _ = take("-") }
        try digits(upTo: 1)
      }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Steps over digits, of which there must be at least so many.
  private mutating func digits(upTo least: Int) throws(AvroFailure) {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard position - start < least else { return }
    throw position < bytes.count ? AvroFailure("unexpected byte: \(Self.quoted(bytes[position]))") : Self.short
  }

  // MARK: Text

  /// The bytes of a text between quotes, its escapes resolved.
  ///
  /// - Parameter isText: Whether it is text; otherwise it is bytes, a letter for each, of which an escape's last two digits count.
  /// - Returns: UTF-8, or the bytes.
  /// - Throws: `AvroFailure` in the recorded words.
  mutating func string(isText: Bool) throws(AvroFailure) -> [UInt8] {
    let what = isText ? "cannot decode textual string: " : "cannot decode textual bytes: "
    guard bytes.count - position >= 2 else { throw AvroFailure(what + "short buffer") }
    guard bytes[position] == UInt8(ascii: "\"") else {
      throw AvroFailure(what + "expected initial \"; found: \(Self.named(bytes[position]))")
    }
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"):
        guard position < bytes.count else { throw AvroFailure(what + "short buffer") }
        try escape(isText: isText, what, &text)
      default: text.append(byte)
      }
    }
    let last = bytes[bytes.count - 1]
    throw AvroFailure(what + "expected final \"; found: \(isText ? Self.hexadecimal(last) : Self.named(last))")
  }

  /// Resolves the escape behind a backslash.
  private mutating func escape(isText: Bool, _ what: String, _ text: inout [UInt8]) throws(AvroFailure) {
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let code = try code(what)
      guard isText else { return text.append(UInt8(truncatingIfNeeded: code)) }
      guard UTF16.isSurrogate(code) else {
        text += Array(String(decoding: [code], as: UTF16.self).utf8)
        return
      }
      guard take("\\u") else { throw AvroFailure(what + "missing second half of surrogate pair") }
      // Two halves that are no pair become one U+FFFD.
      let pair = [code, try self.code(what)]
      let scalars = String(decoding: pair, as: UTF16.self).unicodeScalars
      text += scalars.count == 1 ? Array(String(scalars).utf8) : [0xEF, 0xBF, 0xBD]
    default: text.append(letter)
    }
  }

  /// Four hexadecimal digits.
  private mutating func code(_ what: String) throws(AvroFailure) -> UInt16 {
    // There must be one more character, which is at best the closing quote.
    guard position + 5 <= bytes.count else { throw AvroFailure(what + "short buffer") }
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Hexadecimal.value(bytes[position]) else {
        throw AvroFailure(what + "encoding/hex: invalid byte: \(Self.named(bytes[position]))")
      }
      code = code << 4 | UInt16(digit)
      position += 1
    }
    return code
  }
}
