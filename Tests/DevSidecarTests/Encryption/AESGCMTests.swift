import Encodings
import Testing

@testable import DevSidecar

/// The test cases without additional data of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B.
@Suite("AES-GCM")
struct AESGCMTests {
  /// The bytes of hexadecimal digits.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Hexadecimal.value($0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  static let key = "feffe9928665731c6d6a8f9467308308"
  static let plaintext =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"

  @Test(
    "AES-GCM seals published texts to the published ciphertext and opens them again",
    arguments: [
      ("00000000000000000000000000000000", "000000000000000000000000", "", "58e2fccefa7e3061367f1d57a4e7455a"),
      (
        key, "cafebabefacedbaddecaf888", plaintext,
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
          + "4d5c2af327cd64a62cf35abd2ba6fab4"
      ),
      (
        key + "feffe9928665731c", "cafebabefacedbaddecaf888", plaintext,
        "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade256"
          + "9924a7c8587336bfb118024db8674a14"
      ),
      (
        key + key, "cafebabefacedbaddecaf888", plaintext,
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
          + "b094dac5d93471bdec1a502270e3cc6c"
      ),
    ])
  func published(_ key: String, _ nonce: String, _ plaintext: String, _ sealed: String) throws {
    let cipher = try #require(AESGCM(key: Self.bytes(key)))
    #expect(cipher.seal(Self.bytes(plaintext), nonce: Self.bytes(nonce)) == Self.bytes(sealed))
    #expect(cipher.open(Self.bytes(sealed), nonce: Self.bytes(nonce)) == Self.bytes(plaintext))
  }

  @Test("AES-GCM opens no ciphertext with a changed bit, and none that is cut short")
  func changed() throws {
    let cipher = try #require(AESGCM(key: Self.bytes(Self.key)))
    let nonce = [UInt8](repeating: 7, count: 12)
    let sealed = try #require(cipher.seal(Array("a document".utf8), nonce: nonce))
    for bit in 0..<(sealed.count * 8) {
      var changed = sealed
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(cipher.open(changed, nonce: nonce) == nil)
    }
    for count in 0..<sealed.count { #expect(cipher.open(Array(sealed.prefix(count)), nonce: nonce) == nil) }
    #expect(cipher.open(sealed, nonce: [UInt8](repeating: 8, count: 12)) == nil)
  }

  @Test("An AES-GCM key has 16, 24 or 32 bytes")
  func lengths() {
    let taken = (0...64).filter { AESGCM(key: [UInt8](repeating: 1, count: $0)) != nil }
    #expect(taken == [16, 24, 32])
  }
}
