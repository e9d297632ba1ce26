/// Percent-encodes names in a request target (RFC 3986).
enum PercentEncoding {
  /// One path segment; slashes are encoded, colons are not, because state keys contain many of them.
  static func pathPart(_ text: String) -> String {
    encode(text) { isUnreserved($0) || $0 == UInt8(ascii: ":") }
  }

  /// A path of several segments, with its slashes.
  static func path(_ text: String) -> String {
    encode(text) { isUnreserved($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
  }

  /// The value of a query parameter.
  static func queryValue(_ text: String) -> String {
    encode(text, keeping: isUnreserved)
  }

  /// An already encoded target; only characters that would end the request line or are not ASCII are encoded.
  static func target(_ text: String) -> String {
    encode(text) { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(isKept) { return text }
    let hex = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      if isKept(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}
