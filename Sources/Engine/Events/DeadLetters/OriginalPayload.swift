internal import Encodings
internal import JSON

// The form of an external event inside another one: `original_payload`, with `original_payload_encoding`.

extension JSONWriter {
  /// Maximum bytes of a payload as text: a message has to fit a broker that accepts 128 KiB.
  private static let mostTextBytes = 96 << 10

  /// Writes a payload as text if it is UTF-8 and JSON escapes do not enlarge it too much, otherwise as base64.
  mutating func payload(_ bytes: some BidirectionalCollection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self), Self.escapedSize(of: bytes) <= Self.mostTextBytes {
      member("original_payload", text)
      member("original_payload_encoding", "utf-8" as StaticString)
    } else {
      member("original_payload", String(decoding: Base64.encode(Array(bytes)), as: UTF8.self))
      member("original_payload_encoding", "base64" as StaticString)
    }
  }

  /// Maximum bytes of a payload as text after any re-encoding: some encoders also escape `<`, `>`, `&`, U+2028 and U+2029.
  private static func escapedSize(of bytes: some Collection<UInt8>) -> Int {
    bytes.reduce(0) { size, byte in
      switch byte {
      case 0x22, 0x5C, 0x0A, 0x0D, 0x09: size + 2
      case ..<0x20, 0x3C, 0x3E, 0x26: size + 6
      // U+2028 and U+2029 take three bytes, of which this is the first.
      case 0xE2: size + 4
      default: size + 1
      }
    }
  }
}

extension JSONValue {
  /// The payload in an object; nil if there is none.
  var payload: [UInt8]? {
    guard let text = self["original_payload"]?.text else { return nil }
    guard self["original_payload_encoding"]?.string == "base64" else { return Array(text.bytes) }
    return Base64.decode(text.bytes)
  }
}
