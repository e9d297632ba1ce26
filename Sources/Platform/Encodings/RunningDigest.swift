internal import CCrypto

/// SHA-256 of bytes that arrive in pieces.
package struct RunningDigest: ~Copyable {
  private let context: OpaquePointer?
  /// Number of bytes since the start.
  package private(set) var count = 0

  /// Creates a digest without input.
  package init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    count += bytes.count
  }

  /// The digest of all bytes added, in lower-case hexadecimal; the next one starts over.
  package mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    EVP_DigestFinal_ex(context, &digest, nil)
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
    count = 0
    return Digest.hexadecimal(digest)
  }

  /// Discards the bytes added so far.
  package mutating func restart() {
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
    count = 0
  }
}
