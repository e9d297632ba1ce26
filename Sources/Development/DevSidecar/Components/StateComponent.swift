internal import Encodings

/// A state store's component file.
struct StateComponent: Sendable {
  /// An encryption key as the file names it.
  struct KeyReference: Sendable {
    /// Where it is in the file, for messages.
    var field: ComponentField
    /// The secret and the value in it.
    var secret: String
    var key: String
    /// A key written in the file itself; values under it cannot be read again, since it has no secret's name.
    var value: String?
  }

  /// Whether a store can be set up, and how.
  enum SetUp: Hashable, Sendable {
    case clear
    /// Unencrypted, although the file names a key; why.
    case unencrypted(String)
    case encrypted(EncryptionKeys)
    /// Not at all: the secret store with this name is missing.
    case leftOut(secretStore: String)
  }

  let name: String
  let type: String
  private let secretStore: String?
  private let namesSecrets: Bool
  private let primary: KeyReference?
  private let secondary: KeyReference?

  init(name: String, type: String, _ root: ComponentField) {
    self.name = name
    self.type = type
    secretStore = root["auth"]["secretStore"].node?.text
    let metadata = root["spec"]["metadata"]
    let elements = metadata.node?.elements ?? []
    namesSecrets = elements.contains { $0["secretKeyRef"] != nil }
    func reference(_ name: String) -> KeyReference? {
      guard let element = elements.first(where: { $0["name"]?.text == name }) else { return nil }
      let field = ComponentField(file: metadata.file, path: "\(metadata.path).\(name)", node: element)
      let secret = element["secretKeyRef"]?["name"]?.text ?? ""
      let key = element["secretKeyRef"]?["key"]?.text ?? ""
      return KeyReference(field: field, secret: secret, key: key.isEmpty ? secret : key, value: element["value"]?.text)
    }
    primary = reference("primaryEncryptionKey")
    secondary = reference("secondaryEncryptionKey")
  }

  /// Which recorded store behaves like the component's type.
  var profile: DevSidecarSettings.Profile {
    switch type {
    case "state.redis": .redis
    case "state.sqlite": .sqlite
    case "state.postgresql", "state.postgres", "state.cockroachdb": .postgres
    default: .memory
    }
  }

  /// Finds the keys in the secret stores.
  ///
  /// - Throws: `DevSidecarFailure` if the recorded sidecar would not start: a secret is missing or empty, or is not a key.
  func setUp(_ stores: [SecretStore]) throws(DevSidecarFailure) -> SetUp {
    guard let secretStore else {
      return primary == nil ? .clear : .unencrypted("primaryEncryptionKey needs auth.secretStore")
    }
    guard let store = stores.first(where: { $0.name == secretStore }) else {
      return namesSecrets ? .leftOut(secretStore: secretStore) : .clear
    }
    guard let primary else { return .clear }
    let second = try secondary.flatMap { (reference) throws(DevSidecarFailure) in try Self.key(reference, in: store) }
    guard let first = try Self.key(primary, in: store) else {
      return .unencrypted("the secret \(primary.secret) has no key \(primary.key)")
    }
    return .encrypted(EncryptionKeys(primary: first, secondary: second))
  }

  /// A key; nil if the secret has no value with that name.
  private static func key(_ reference: KeyReference, in store: SecretStore) throws(DevSidecarFailure) -> EncryptionKeys.Key? {
    if let value = reference.value { return try key(value, named: reference.secret, reference.field) }
    guard !reference.secret.isEmpty else { throw reference.field["secretKeyRef"].wrong("must name a secret") }
    guard let secret = store.secret(reference.secret) else {
      throw reference.field["secretKeyRef"].wrong("must name a secret of \(store.name), got \(reference.secret)")
    }
    guard let value = secret[reference.key] else { return nil }
    guard !value.isEmpty else {
      throw reference.field["secretKeyRef"].wrong("must name a secret that is not empty, got \(reference.secret)")
    }
    return try key(value, named: reference.secret, reference.field)
  }

  private static func key(_ text: String, named name: String, _ field: ComponentField) throws(DevSidecarFailure) -> EncryptionKeys.Key {
    // The given value is a secret and must not appear in a message.
    let complaint = "must be 32, 48 or 64 hexadecimal digits"
    var digits: [UInt8] = []
    for byte in text.utf8 {
      guard let digit = Hexadecimal.value(byte) else { throw field.wrong("\(complaint), got another letter") }
      digits.append(digit)
    }
    let bytes = stride(from: 0, to: digits.count - digits.count % 2, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    guard digits.count % 2 == 0, let cipher = AESGCM(key: bytes) else { throw field.wrong("\(complaint), got \(digits.count)") }
    return EncryptionKeys.Key(name: name, cipher: cipher)
  }
}
