internal import CCrypto

/// SHA-256 of bytes that come piece by piece.
package struct RunningDigest: ~Copyable {
  private let context: OpaquePointer?
  /// Bytes taken since the beginning.
  package private(set) var count = 0

  /// A digest of nothing so far.
  package init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes more bytes.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    count += bytes.count
  }

  /// The digest of all bytes taken, in lower-case hexadecimal digits; the next begins anew.
  package mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    EVP_DigestFinal_ex(context, &digest, nil)
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
    count = 0
    return Digest.hexadecimal(digest)
  }

  /// Forgets what was taken.
  package mutating func restart() {
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
    count = 0
  }
}
