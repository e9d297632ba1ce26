internal import CCrypto

/// Base64 with padding (RFC 4648, section 4), by OpenSSL.
package enum Base64 {
  /// The bytes that a text stands for; nil when it is not base64.
  package static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0, text.count < Int(Int32.max) else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    // OpenSSL skips white space, and more, at either end.
    guard let start = text.baseAddress, text.dropLast(padding).allSatisfy(isDigit) else { return text.isEmpty ? [] : nil }
    return [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { buffer, count in
      count = max(0, Int(EVP_DecodeBlock(buffer.baseAddress, start, Int32(text.count))) - padding)
    }
  }

  /// The bytes that a text stands for; nil when it is not base64.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    Array(text).withUnsafeBufferPointer { decode($0) }
  }

  /// The text that stands for bytes.
  package static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let source = Array(bytes)
    // OpenSSL writes a zero behind the text.
    return [UInt8](unsafeUninitializedCapacity: (source.count + 2) / 3 * 4 + 1) { buffer, count in
      count = Int(EVP_EncodeBlock(buffer.baseAddress, source, Int32(source.count)))
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
