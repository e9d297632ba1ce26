internal import Encodings
internal import JSON

// How an event that came from elsewhere stands inside another: `original_payload`, with `original_payload_encoding`.

extension JSONWriter {
  /// Most bytes that a payload may take as text: a message has to fit a broker that takes 128 KiB.
  private static let mostTextBytes = 96 << 10

  /// Writes a payload as text where it is UTF-8 and does not swell too much by what has to be escaped in JSON, else as base64.
  mutating func payload(_ bytes: some BidirectionalCollection<UInt8>) {
    key("original_payload")
    if let text = String(validating: bytes, as: UTF8.self), Self.escapedSize(of: bytes) <= Self.mostTextBytes {
      string(text)
      key("original_payload_encoding")
      string("utf-8" as StaticString)
    } else {
      string(String(decoding: Base64.encode(Array(bytes)), as: UTF8.self))
      key("original_payload_encoding")
      string("base64" as StaticString)
    }
  }

  /// Most bytes that a payload takes as text, whoever writes it anew: some escape `<`, `>`, `&`, U+2028 and U+2029 as well.
  private static func escapedSize(of bytes: some Collection<UInt8>) -> Int {
    bytes.reduce(0) { size, byte in
      switch byte {
      case 0x22, 0x5C, 0x0A, 0x0D, 0x09: size + 2
      case ..<0x20, 0x3C, 0x3E, 0x26: size + 6
      // U+2028 and U+2029 are three bytes, of which the first is this one.
      case 0xE2: size + 4
      default: size + 1
      }
    }
  }
}

extension JSONValue {
  /// The payload that an object holds; nil where it holds none.
  var payload: [UInt8]? {
    guard let text = self["original_payload"]?.text else { return nil }
    guard self["original_payload_encoding"]?.string == "base64" else { return Array(text.bytes) }
    return Base64.decode(text.bytes)
  }
}
