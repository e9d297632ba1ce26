internal import CCrypto

/// Base64 with padding (RFC 4648, 4), by OpenSSL.
enum Base64 {
  /// Decodes a text; nil if it is not base64.
  static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let start = text.baseAddress, text.count > 0, text.count % 4 == 0, text.count < Int(Int32.max) else { return nil }
    let padding = text[text.count - 1] != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
    let room = text.count / 4 * 3
    var isValid = true
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let written = EVP_DecodeBlock(buffer.baseAddress, start, Int32(text.count))
      isValid = written == Int32(room)
      count = isValid ? room - padding : 0
    }
    return isValid ? bytes : nil
  }

  /// Encodes bytes.
  static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let source = Array(bytes)
    let room = (source.count + 2) / 3 * 4
    return [UInt8](unsafeUninitializedCapacity: room + 1) { buffer, count in
      count = Int(EVP_EncodeBlock(buffer.baseAddress, source, Int32(source.count)))
    }
  }
}
