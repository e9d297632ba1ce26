internal import JSON

/// The keys that tokens may be signed with.
struct KeySet: Sendable {
  /// Maximum number of keys in a set.
  static let countLimit = 64

  private struct Entry: Sendable {
    let id: [UInt8]?
    /// The only algorithm that the key is for; nil if it names none.
    let algorithm: String?
    let key: SigningKey

    func suits(_ wanted: SigningAlgorithm) -> Bool {
      key.kind == wanted.kind && (algorithm == nil || algorithm == wanted.rawValue)
    }
  }

  private let secret: SigningKey?
  private let entries: [Entry]
  /// Number of keys in the JWK set beyond the limit.
  let leftOut: Int

  /// Creates a set from a secret alone, or an empty one.
  init(secret: String?) {
    self.secret = secret.flatMap { SigningKey(secret: Array($0.utf8)) }
    entries = []
    leftOut = 0
  }

  /// Creates a set from a secret and the keys of a JWK set (RFC 7517, 5); keys of unsupported kinds are ignored, as the RFC requires.
  ///
  /// Nil if the text is not a key set. An empty set is valid: it revokes the previous keys.
  init?(secret: String?, jwks: [UInt8]) {
    let found = try? JSONDocument.parse(jwks) { (root) throws(Never) -> (entries: [Entry], count: Int)? in
      guard let keys = root["keys"], keys.kind == .array else { return nil }
      return (keys.elements.prefix(Self.countLimit).compactMap(Self.entry), keys.elements.reduce(0) { count, _ in count + 1 })
    }
    guard let found = found ?? nil else { return nil }
    self.secret = Self(secret: secret).secret
    entries = found.entries
    leftOut = max(0, found.count - Self.countLimit)
  }

  /// Number of public keys.
  var publicKeys: Int { entries.count }

  /// The key for an algorithm: the secret, or the public key with that id; without an id, the only key of its kind.
  func key(for algorithm: SigningAlgorithm, id: [UInt8]?) -> SigningKey? {
    if algorithm.kind == .secret { return secret }
    let suitable = entries.filter { $0.suits(algorithm) }
    guard let id else { return suitable.count == 1 ? suitable[0].key : nil }
    return suitable.first { $0.id == id }?.key
  }

  /// Whether there are no keys.
  var isEmpty: Bool { secret == nil && entries.isEmpty }

  private static func entry(_ value: JSONValue) -> Entry? {
    guard value.kind == .object, value["use"].map({ $0.text?.matches("sig") == true }) ?? true else { return nil }
    // A symmetric key does not belong in a published key set.
    guard value["kty"]?.text?.matches("oct") == false else { return nil }
    var text = JSONWriter()
    text.copy(value)
    guard let key = SigningKey(jwk: text.bytes) else { return nil }
    return Entry(id: value["kid"]?.text.map(Array.init), algorithm: value["alg"]?.string, key: key)
  }
}
