internal import Encodings

/// What Go's JSON libraries escape beyond what JSON requires.
struct GoEscaping {
  /// Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, and backspace and form feed by a letter, as in `encoding/json`.
  let isForHTML: Bool

  /// A text between quotes.
  func quoted(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length(of: text)) { buffer, count in
      count = 0
      func put(_ byte: UInt8) {
        buffer.initializeElement(at: count, to: byte)
        count += 1
      }
      put(UInt8(ascii: "\""))
      var position = 0
      while position < text.count {
        let byte = text[position]
        switch escape(at: position, in: text) {
        case .none: put(byte)
        case .letter(let letter):
          put(UInt8(ascii: "\\"))
          put(letter)
        case .code: for digit in Self.code(high: 0, low: byte) { put(digit) }
        case .separator:
          for digit in Self.code(high: 0x20, low: text[position + 2] & 0x2F) { put(digit) }
          position += 2
        }
        position += 1
      }
      put(UInt8(ascii: "\""))
    }
  }

  /// How many bytes a text takes, quotes included.
  private func length(of text: UnsafeBufferPointer<UInt8>) -> Int {
    var length = text.count + 2
    for position in text.indices {
      switch escape(at: position, in: text) {
      case .none: break
      case .letter: length += 1
      case .code: length += 5
      case .separator: length += 3
      }
    }
    return length
  }

  private enum Escape {
    case none
    case letter(UInt8)
    case code
    case separator
  }

  private func escape(at position: Int, in text: UnsafeBufferPointer<UInt8>) -> Escape {
    let byte = text[position]
    if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      guard isForHTML, Self.isHTML(byte) else { return .none }
      return byte != 0xE2 ? .code : Self.isSeparator(at: position, in: text) ? .separator : .none
    }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return .letter(byte)
    case 0x0A: return .letter(UInt8(ascii: "n"))
    case 0x0D: return .letter(UInt8(ascii: "r"))
    case 0x09: return .letter(UInt8(ascii: "t"))
    case 0x08 where isForHTML: return .letter(UInt8(ascii: "b"))
    case 0x0C where isForHTML: return .letter(UInt8(ascii: "f"))
    default: return .code
    }
  }

  /// Whether a byte is, or may begin, a character that `encoding/json` escapes for HTML.
  static func isHTML(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&") || byte == 0xE2
  }

  /// Whether U+2028 or U+2029 begins at a position.
  static func isSeparator(at position: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    position + 2 < text.count && text[position] == 0xE2 && text[position + 1] == 0x80 && text[position + 2] | 1 == 0xA9
  }

  /// The escape `\uXXXX`.
  static func code(high: UInt8, low: UInt8) -> [UInt8] {
    [
      UInt8(ascii: "\\"), UInt8(ascii: "u"), Hexadecimal.digit(UInt64(high) >> 4), Hexadecimal.digit(UInt64(high)),
      Hexadecimal.digit(UInt64(low) >> 4), Hexadecimal.digit(UInt64(low)),
    ]
  }
}
