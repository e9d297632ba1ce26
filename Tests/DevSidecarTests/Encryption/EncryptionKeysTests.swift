import Encodings
import Testing

@testable import DevSidecar

@Suite("The keys of an encrypted store")
struct EncryptionKeysTests {
  private static func key(_ name: String, _ byte: UInt8) throws -> EncryptionKeys.Key {
    EncryptionKeys.Key(name: name, cipher: try #require(AESGCM(key: [UInt8](repeating: byte, count: 32))))
  }

  private let nonce = Array(UInt8(0)..<12)

  @Test("A stored value is the base64 of nonce and ciphertext, followed by the name of the key's secret")
  func atRest() throws {
    let keys = EncryptionKeys(primary: try Self.key("first", 1))
    let stored = try #require(keys.seal(Array("{}".utf8), nonce: nonce))
    let parts = String(decoding: stored, as: UTF8.self).split(separator: "||")
    #expect(parts.count == 2)
    #expect(parts.last == "first")
    let bytes = try #require(Base64.decode(Array(parts[0].utf8)))
    #expect(Array(bytes.prefix(12)) == nonce)
    #expect(bytes.count == 12 + 2 + 16)
  }

  @Test("After a rotation both keys read, and the new one writes")
  func rotation() throws {
    let before = EncryptionKeys(primary: try Self.key("first", 1))
    let old = try #require(before.seal(Array("old".utf8), nonce: nonce))
    let after = EncryptionKeys(primary: try Self.key("second", 2), secondary: try Self.key("first", 1))
    let new = try #require(after.seal(Array("new".utf8), nonce: nonce))
    #expect(try after.open(old) == Array("old".utf8))
    #expect(try after.open(new) == Array("new".utf8))
    #expect(String(decoding: new, as: UTF8.self).hasSuffix("||second"))
    #expect(throws: UnreadableValue.breakdown) { try before.open(new) }
    #expect(throws: UnreadableValue.forged) { try EncryptionKeys(primary: Self.key("second", 3)).open(new) }
  }

  @Test("Two keys from members of the same secret cannot be told apart")
  func sameName() throws {
    let old = try #require(EncryptionKeys(primary: Self.key("keys", 1)).seal(Array("old".utf8), nonce: nonce))
    let keys = EncryptionKeys(primary: try Self.key("keys", 2), secondary: try Self.key("keys", 1))
    #expect(throws: UnreadableValue.forged) { try keys.open(old) }
  }

  @Test(
    "A value that was never encrypted cannot be read",
    arguments: [
      ("1", UnreadableValue.unnamed), ("12", .breakdown), (#"{"x":1}"#, .breakdown), (#""a||b""#, .noBase64(at: 0)),
      ("AAAA||", .unnamed), ("AAA*||first", .noBase64(at: 3)), ("AAA||first", .noBase64(at: 3)), ("AAAA||first", .breakdown),
      ("AAAA||unknown", .breakdown),
    ])
  func neverEncrypted(_ stored: String, _ failure: UnreadableValue) throws {
    let keys = EncryptionKeys(primary: try Self.key("first", 1))
    #expect(throws: failure) { try keys.open(Array(stored.utf8)) }
  }

  @Test("An empty value is read as an empty value")
  func empty() throws {
    #expect(try EncryptionKeys(primary: Self.key("first", 1)).open([]) == [])
  }
}
