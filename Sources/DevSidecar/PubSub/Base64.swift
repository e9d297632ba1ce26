internal import CCrypto

/// Base64 with padding (RFC 4648, section 4), by OpenSSL.
enum Base64 {
  static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let source = Array(bytes)
    // OpenSSL writes a zero behind the text.
    return [UInt8](unsafeUninitializedCapacity: (source.count + 2) / 3 * 4 + 1) { buffer, count in
      count = Int(EVP_EncodeBlock(buffer.baseAddress, source, Int32(source.count)))
    }
  }

  /// The bytes of a base64 text; nil when it is none.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let source = Array(text)
    guard source.count % 4 == 0 else { return nil }
    let padding = source.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    // OpenSSL passes over white space, and more, at either end.
    guard !source.isEmpty, source.dropLast(padding).allSatisfy(isDigit) else { return source.isEmpty ? [] : nil }
    return [UInt8](unsafeUninitializedCapacity: source.count / 4 * 3) { buffer, count in
      count = max(0, Int(EVP_DecodeBlock(buffer.baseAddress, source, Int32(source.count))) - padding)
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
