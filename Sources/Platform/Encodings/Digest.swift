internal import CCrypto

/// Digests by OpenSSL.
package enum Digest {
  /// SHA-256 in lower-case hexadecimal (FIPS 180-4).
  package static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(sha256Bytes(bytes)) }

  /// SHA-256 (FIPS 180-4).
  package static func sha256Bytes(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(bytes, bytes.count, &digest)
    return digest
  }

  /// A version 5 UUID of a name in the engine's own namespace (RFC 9562, 5.5): equal names give equal UUIDs.
  package static func uuid(named name: String) -> String { uuid(named: Array(name.utf8)) }

  /// A version 5 UUID of a name given as bytes.
  package static func uuid(named name: [UInt8]) -> String {
    let text = namespace + name
    var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
    EVP_Digest(text, text.count, &digest, nil, sha1.method, nil)
    let words = digest.prefix(16).enumerated().reduce(into: Bits128(high: 0, low: 0)) { bits, byte in
      if byte.offset < 8 { bits.high = bits.high << 8 | UInt64(byte.element) } else { bits.low = bits.low << 8 | UInt64(byte.element) }
    }
    return words.versioned(5).uuid
  }

  /// A random version 4 UUID (RFC 9562, 5.4) from two random words.
  package static func uuid(_ high: UInt64, _ low: UInt64) -> String { Bits128(high: high, low: low).versioned(4).uuid }

  /// The namespace of the engine's names: the UUIDv5 of `mastery-engine` in RFC 9562's namespace of DNS names.
  private static let namespace: [UInt8] = [
    0xF1, 0x16, 0x8B, 0xB1, 0xFF, 0x08, 0x51, 0xF7, 0x81, 0x36, 0xE8, 0xEA, 0x2C, 0x4F, 0xC8, 0xB1,
  ]

  /// SHA-1, looked up once, because OpenSSL's lookup by name costs more than digesting a name.
  private static let sha1 = FetchedDigest("SHA1")

  /// Bytes in lower-case hexadecimal.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [Hexadecimal.digit(UInt64($0 >> 4)), Hexadecimal.digit(UInt64($0))] }, as: UTF8.self)
  }
}

/// An OpenSSL digest implementation, kept for the life of the process.
private struct FetchedDigest: @unchecked Sendable {
  /// Never changed after the fetch, and reference-counted by OpenSSL with atomic operations.
  let method: OpaquePointer?

  init(_ name: String) {
    method = EVP_MD_fetch(nil, name, nil)
  }
}
