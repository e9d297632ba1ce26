/// Dates and times as RFC 3339 writes them (section 5.6).
enum InternetDate {
  /// Whether a text is a day, such as `2026-03-15`.
  static func isDate(_ text: String) -> Bool { isDate(Array(text.utf8)[...]) }

  /// Whether a text is a moment, such as `2026-03-15T12:00:00.5Z`.
  static func isDateTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, isDate(bytes[..<10]), bytes[10] | 0x20 == UInt8(ascii: "t"), let seconds = number(bytes[17..<19]) else {
      return false
    }
    guard isTime(bytes[11..<16]), bytes[16] == UInt8(ascii: ":"), seconds <= 60 else { return false }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { isDigit($0) }
      guard !fraction.isEmpty else { return false }
      rest = rest[fraction.endIndex...]
    }
    if rest.count == 1, let zone = rest.first { return zone | 0x20 == UInt8(ascii: "z") }
    return (rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-")) && isTime(rest.dropFirst())
  }

  private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
    let start = bytes.startIndex
    guard bytes.count == 10, bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-") else { return false }
    guard let year = number(bytes[start..<start + 4]), let month = number(bytes[start + 5..<start + 7]), (1...12).contains(month) else {
      return false
    }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return number(bytes[(start + 8)...]).map { (1...days).contains($0) } ?? false
  }

  /// Whether the bytes are hours and minutes.
  private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
    let start = bytes.startIndex
    guard bytes.count == 5, bytes[start + 2] == UInt8(ascii: ":") else { return false }
    guard let hours = number(bytes[start..<start + 2]), let minutes = number(bytes[(start + 3)...]) else { return false }
    return hours < 24 && minutes < 60
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.allSatisfy(isDigit) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
