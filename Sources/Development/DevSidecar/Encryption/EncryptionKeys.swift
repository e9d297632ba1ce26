internal import Encodings

/// The keys of an encrypted store: saved values are sealed with the primary, and either may open what is read.
///
/// At rest a value is the base64 of nonce and ciphertext, `||`, and the name of the secret that holds the key.
struct EncryptionKeys: Hashable, Sendable {
  /// A key and the name of its secret, which is all that a value says about its key.
  struct Key: Hashable, Sendable {
    var name: String
    var cipher: AESGCM
  }

  var primary: Key
  var secondary: Key?
  private static let bar = UInt8(ascii: "|")

  /// Seals a value for the store.
  ///
  /// - Parameters:
  ///   - value: The value's text.
  ///   - nonce: 12 random bytes.
  /// - Returns: The value as it is stored; nil if OpenSSL fails.
  func seal(_ value: [UInt8], nonce: [UInt8]) -> [UInt8]? {
    guard let sealed = primary.cipher.seal(value, nonce: nonce) else { return nil }
    return Base64.encode(nonce + sealed) + [Self.bar, Self.bar] + Array(primary.name.utf8)
  }

  /// The value that a store holds.
  ///
  /// - Throws: `UnreadableValue` if the recorded sidecar could not read it either. It takes everything behind the last `||` for a key's
  ///   name, and all but the first character of a value without bars.
  func open(_ stored: [UInt8]) throws(UnreadableValue) -> [UInt8] {
    guard !stored.isEmpty else { return [] }
    guard let bars = Self.lastBars(in: stored) else { throw stored.count == 1 ? .unnamed : .breakdown }
    let name = String(decoding: stored[(bars + 2)...], as: UTF8.self)
    guard !name.isEmpty else { throw .unnamed }
    let text = stored[..<bars]
    guard let bytes = Self.isBase64(text) ? Base64.decode(text) : nil else { throw .noBase64(at: Self.firstIllegal(in: text)) }
    guard let key = key(named: name), bytes.count >= AESGCM.nonceLength else { throw .breakdown }
    let nonce = Array(bytes.prefix(AESGCM.nonceLength))
    guard let value = key.cipher.open(Array(bytes.dropFirst(AESGCM.nonceLength)), nonce: nonce) else { throw .forged }
    return value
  }

  /// The first key with that name: two members of one secret cannot be told apart.
  private func key(named name: String) -> Key? {
    if primary.name == name { return primary }
    return secondary?.name == name ? secondary : nil
  }

  private static func lastBars(in stored: [UInt8]) -> Int? {
    var position = stored.count - 2
    while position >= 0 {
      if stored[position] == bar, stored[position + 1] == bar { return position }
      position -= 1
    }
    return nil
  }

  private static func isBase64(_ text: ArraySlice<UInt8>) -> Bool {
    text.count % 4 == 0 && firstIllegal(in: text) == text.count
  }

  /// How many bytes come before the first that is not base64.
  private static func firstIllegal(in text: ArraySlice<UInt8>) -> Int {
    let end = text.count
    let illegal = text.indices.first { position in
      switch text[position] {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): false
      case UInt8(ascii: "+"), UInt8(ascii: "/"): false
      case UInt8(ascii: "="): position < end - 2
      default: true
      }
    }
    return illegal ?? end
  }
}
