/// The rule that students, schools and cohorts share for their ids: 1 to 50 letters, digits, `_` or `-` of ASCII.
enum PlainName {
  static func isValid(_ text: String) -> Bool {
    (1...50).contains(text.utf8.count) && text.hasOnlyBytes(where: isAllowed)
  }

  static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension String {
  /// Whether each byte of the text's UTF-8 is allowed.
  ///
  /// All of them are looked at, as without a way out in between the compiler looks at many at once.
  @inline(__always)
  func hasOnlyBytes(where isAllowed: (UInt8) -> Bool) -> Bool {
    var text = self
    return text.withUTF8 { bytes in bytes.reduce(into: true) { $0 = isAllowed($1) && $0 } }
  }
}
