internal import Encodings
internal import JSON
internal import Schemas

/// An external event inside another one: `original_payload`, with `original_payload_encoding`.
struct OriginalPayload: Sendable {
  /// Maximum bytes of a payload as text: a message has to fit a broker that accepts 128 KiB.
  private static let mostTextBytes = 96 << 10

  /// How the payload is written as text.
  enum Encoding: String, CaseIterable, Sendable {
    case text = "utf-8"
    case base64
  }

  /// The payload as text.
  let text: String
  let encoding: Encoding

  /// Takes a payload as text if it is UTF-8 and JSON escapes do not enlarge it too much, otherwise as base64.
  init(_ bytes: some BidirectionalCollection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self), Self.escapedSize(of: bytes) <= Self.mostTextBytes {
      (self.text, encoding) = (text, .text)
    } else {
      (text, encoding) = (String(decoding: Base64.encode(Array(bytes)), as: UTF8.self), .base64)
    }
  }

  /// The members of an object with a payload.
  static let members = ObjectShape<Self> {
    Member("original_payload", .text(), "the event as it came, at most the first 64 KiB of it") { $0.text }
    Member("original_payload_encoding", .word, "how the payload is written here") { $0.encoding }
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
    guard self["original_payload_encoding"]?.string == OriginalPayload.Encoding.base64.rawValue else { return Array(text.bytes) }
    return Base64.decode(text.bytes)
  }
}
