internal import CCrypto

/// AES in Galois/Counter Mode (NIST SP 800-38D) with a nonce of 12 bytes and a tag of 16 behind the ciphertext, by OpenSSL.
struct AESGCM: Hashable, Sendable {
  static let nonceLength = 12
  private static let tagLength = 16
  private let key: [UInt8]

  /// A cipher under a key of 16, 24 or 32 bytes; nil for any other length.
  init?(key: [UInt8]) {
    guard [16, 24, 32].contains(key.count) else { return nil }
    self.key = key
  }

  private var cipher: OpaquePointer? {
    switch key.count {
    case 16: EVP_aes_128_gcm()
    case 24: EVP_aes_192_gcm()
    default: EVP_aes_256_gcm()
    }
  }

  /// Encrypts a text.
  ///
  /// - Parameters:
  ///   - plaintext: The text to encrypt.
  ///   - nonce: 12 bytes, which must never be used again with the same key.
  /// - Returns: The ciphertext with the tag behind it; nil if OpenSSL fails, which it does only for lack of memory.
  func seal(_ plaintext: [UInt8], nonce: [UInt8]) -> [UInt8]? {
    guard nonce.count == Self.nonceLength, let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_EncryptInit_ex(context, cipher, nil, key, nonce) == 1 else { return nil }
    var isSealed = false
    let sealed = [UInt8](unsafeUninitializedCapacity: plaintext.count + Self.tagLength) { buffer, count in
      var written: Int32 = 0
      var rest: Int32 = 0
      count = 0
      guard EVP_EncryptUpdate(context, buffer.baseAddress, &written, plaintext, Int32(plaintext.count)) == 1,
        EVP_EncryptFinal_ex(context, buffer.baseAddress.map { $0 + Int(written) }, &rest) == 1,
        EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), buffer.baseAddress.map { $0 + plaintext.count }) == 1
      else { return }
      count = plaintext.count + Self.tagLength
      isSealed = true
    }
    return isSealed ? sealed : nil
  }

  /// The text of a ciphertext with its tag behind it; nil if it was not sealed with this key and nonce, or was changed since.
  func open(_ sealed: [UInt8], nonce: [UInt8]) -> [UInt8]? {
    let length = sealed.count - Self.tagLength
    guard length >= 0, nonce.count == Self.nonceLength, let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    var tag = Array(sealed[length...])
    guard EVP_DecryptInit_ex(context, cipher, nil, key, nonce) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag) == 1
    else { return nil }
    var isGenuine = false
    let plaintext = [UInt8](unsafeUninitializedCapacity: max(length, 1)) { buffer, count in
      var written: Int32 = 0
      var rest: Int32 = 0
      count = 0
      guard EVP_DecryptUpdate(context, buffer.baseAddress, &written, sealed, Int32(length)) == 1,
        EVP_DecryptFinal_ex(context, buffer.baseAddress.map { $0 + Int(written) }, &rest) == 1
      else { return }
      count = length
      isGenuine = true
    }
    return isGenuine ? plaintext : nil
  }
}
