internal import JSON

/// The keys that tokens may be signed by.
struct KeySet: Sendable {
  /// Most keys of a set.
  static let countLimit = 64

  private struct Entry: Sendable {
    let id: [UInt8]?
    /// The only algorithm that the key is for; nil where it names none.
    let algorithm: String?
    let key: SigningKey

    func suits(_ wanted: SigningAlgorithm) -> Bool {
      key.kind == wanted.kind && (algorithm == nil || algorithm == wanted.rawValue)
    }
  }

  private let secret: SigningKey?
  private let entries: [Entry]
  /// Keys of the JWK set behind those that are read.
  let leftOut: Int

  /// A set of a secret alone, or of none.
  init(secret: String?) {
    self.secret = secret.flatMap { SigningKey(secret: Array($0.utf8)) }
    entries = []
    leftOut = 0
  }

  /// A set of a secret and the keys of a JWK set (RFC 7517, 5); keys of kinds that are not taken are left out, as it wants.
  ///
  /// Nil when the text is no key set. A set without keys is one: it revokes those that were there before.
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

  /// How many public keys there are.
  var publicKeys: Int { entries.count }

  /// The key for an algorithm: the secret, or the public key of that name; without a name the only one of its kind.
  func key(for algorithm: SigningAlgorithm, id: [UInt8]?) -> SigningKey? {
    if algorithm.kind == .secret { return secret }
    let suitable = entries.filter { $0.suits(algorithm) }
    guard let id else { return suitable.count == 1 ? suitable[0].key : nil }
    return suitable.first { $0.id == id }?.key
  }

  /// Whether there is any key.
  var isEmpty: Bool { secret == nil && entries.isEmpty }

  private static func entry(_ value: JSONValue) -> Entry? {
    guard value.kind == .object, value["use"].map({ $0.text?.matches("sig") == true }) ?? true else { return nil }
    // A symmetric key has no place among keys that are published.
    guard value["kty"]?.text?.matches("oct") == false else { return nil }
    var text = JSONWriter()
    text.copy(value)
    guard let key = SigningKey(jwk: text.bytes) else { return nil }
    return Entry(id: value["kid"]?.text.map(Array.init), algorithm: value["alg"]?.string, key: key)
  }
}
