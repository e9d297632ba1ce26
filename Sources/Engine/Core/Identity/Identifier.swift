/// The rule for ids of students, schools, cohorts and batches: 1 to 128 ASCII letters, digits or `_-.@:+=~|`, and neither `.` nor `..`.
///
/// UUIDs, e-mail addresses, `auth0|…` and `course-v1:edX+Demo` are ids; paths, and steps within them, are not.
enum Identifier {
  static func isValid(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.hasOnlyBytes(where: isAllowed) && text != "." && text != ".."
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-")...UInt8(ascii: "."),
      UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "="),
      UInt8(ascii: "~"), UInt8(ascii: "|"):
      true
    default: false
    }
  }
}

extension String {
  /// Whether each byte of the text's UTF-8 is allowed.
  ///
  /// The loop checks every byte, since without an early exit the compiler can vectorise it.
  @inline(__always)
  func hasOnlyBytes(where isAllowed: (UInt8) -> Bool) -> Bool {
    var text = self
    return text.withUTF8 { bytes in bytes.reduce(into: true) { $0 = isAllowed($1) && $0 } }
  }
}
