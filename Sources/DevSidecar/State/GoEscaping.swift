/// What Go's JSON libraries escape beyond the need of JSON.
enum GoEscaping {
  /// Appends text between quotes.
  ///
  /// - Parameters:
  ///   - text: UTF-8 bytes.
  ///   - escapesHTML: Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, and backspace and form feed have a letter, as in `encoding/json`.
  ///   - output: What the text is appended to.
  static func append(_ text: UnsafeBufferPointer<UInt8>, escapesHTML: Bool, to output: inout [UInt8]) {
    output.reserveCapacity(output.count + text.count + 2)
    output.append(UInt8(ascii: "\""))
    var start = 0
    var place = 0
    while place < text.count {
      let byte = text[place]
      // Most bytes are plain.
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || escapesHTML && isHTML(byte) else {
        place += 1
        continue
      }
      let length = byte == 0xE2 ? 3 : 1
      guard length == 1 || isSeparator(at: place, in: text) else {
        place += 1
        continue
      }
      output.append(contentsOf: text[start..<place])
      appendEscape(length == 3 ? text[place + 2] : byte, isSeparator: length == 3, hasMoreLetters: escapesHTML, to: &output)
      place += length
      start = place
    }
    output.append(contentsOf: text[start...])
    output.append(UInt8(ascii: "\""))
  }

  /// Whether a byte is, or may begin, what `encoding/json` escapes for the sake of HTML.
  static func isHTML(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&") || byte == 0xE2
  }

  /// Whether U+2028 or U+2029 stands at a place.
  static func isSeparator(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    place + 2 < text.count && text[place] == 0xE2 && text[place + 1] == 0x80 && text[place + 2] | 1 == 0xA9
  }

  private static func appendEscape(_ byte: UInt8, isSeparator: Bool, hasMoreLetters: Bool, to output: inout [UInt8]) {
    guard !isSeparator else { return appendCode(high: 0x20, low: byte & 0x2F, to: &output) }
    let letter: UInt8? =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
      case UInt8(ascii: "\n"): UInt8(ascii: "n")
      case UInt8(ascii: "\r"): UInt8(ascii: "r")
      case UInt8(ascii: "\t"): UInt8(ascii: "t")
      case 0x08 where hasMoreLetters: UInt8(ascii: "b")
      case 0x0C where hasMoreLetters: UInt8(ascii: "f")
      default: nil
      }
    guard let letter else { return appendCode(high: 0, low: byte, to: &output) }
    output.append(UInt8(ascii: "\\"))
    output.append(letter)
  }

  /// Appends `\uXXXX`.
  static func appendCode(high: UInt8, low: UInt8, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    output.append(UInt8(ascii: "u"))
    for byte in [high, low] {
      output.append(Hexadecimal.digit(UInt64(byte) >> 4))
      output.append(Hexadecimal.digit(UInt64(byte)))
    }
  }
}
