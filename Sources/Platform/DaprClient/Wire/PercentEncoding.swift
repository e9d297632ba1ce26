internal import Encodings

/// Percent-encodes names in a request target (RFC 3986).
enum PercentEncoding {
  /// One path segment; slashes are encoded, colons are not, because state keys contain many of them.
  ///
  /// The sidecar decodes a segment twice if it finds it escaped just as it would escape it itself, with its colons as they are. So the colons
  /// of a text with escapes of its own are encoded too: otherwise those would be lost.
  static func pathPart(_ text: String) -> String {
    let hasEscapes = text.utf8.contains(UInt8(ascii: "%"))
    return PercentCoding.encode(text) { isUnreserved($0) || !hasEscapes && $0 == UInt8(ascii: ":") }
  }

  /// A path of several segments, with its slashes.
  static func path(_ text: String) -> String {
    PercentCoding.encode(text) { isUnreserved($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
  }

  /// The value of a query parameter.
  static func queryValue(_ text: String) -> String {
    PercentCoding.encode(text, keeping: isUnreserved)
  }

  /// An already encoded target; only characters that would end the request line or are not ASCII are encoded.
  static func target(_ text: String) -> String {
    PercentCoding.encode(text) { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || "-._~".utf8.contains(byte) }
}
