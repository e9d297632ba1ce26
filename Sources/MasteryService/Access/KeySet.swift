internal import JSON

/// The keys that tokens may be signed by.
struct KeySet: Sendable {
  /// Most keys of a set.
  private static let countLimit = 64

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

  /// A set of a secret alone, or of none.
  init(secret: String?) {
    self.secret = secret.flatMap { SigningKey(secret: Array($0.utf8)) }
    entries = []
  }

  /// A set of a secret and the keys of a JWK set (RFC 7517, 5); keys of kinds that are not taken are left out, as it wants.
  ///
  /// Nil when the text is no key set, or none of its keys can be used.
  init?(secret: String?, jwks: [UInt8]) {
    let found = try? JSONDocument.parse(jwks) { (root) throws(Never) in
      root["keys"].map { $0.elements.prefix(Self.countLimit).compactMap(Self.entry) }
    }
    guard let entries = found ?? nil, !entries.isEmpty else { return nil }
    self.secret = Self(secret: secret).secret
    self.entries = entries
  }

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
