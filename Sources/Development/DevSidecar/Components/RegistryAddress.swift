/// Where a component finds the schemas of its messages, and how it uses them.
struct RegistryAddress: Hashable, Sendable {
  /// Its base, without a slash at the end.
  var url: String
  /// Sent as HTTP Basic credentials, if there are any.
  var key: String?
  var secret: String?
  /// Whether a schema is asked for once only; otherwise it is asked for with each message.
  var caches = true

  init(url: String) {
    self.url = url
  }

  /// The registry that a component's file names; nil if it names none.
  ///
  /// - Parameters:
  ///   - root: The component.
  ///   - stores: Where its secrets are.
  /// - Throws: `DevSidecarFailure` that names the wrong field.
  init?(_ root: ComponentField, _ stores: [SecretStore]) throws(DevSidecarFailure) {
    guard let address = try Self.text("schemaRegistryURL", root, stores), !address.isEmpty else { return nil }
    guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
      throw root["spec"]["metadata"]["schemaRegistryURL"].wrong("must begin with http:// or https://, got \(address)")
    }
    url = address.hasSuffix("/") ? String(address.dropLast()) : address
    key = try Self.text("schemaRegistryAPIKey", root, stores)
    secret = try Self.text("schemaRegistryAPISecret", root, stores)
    switch try Self.text("schemaCachingEnabled", root, stores) {
    case nil, "true": caches = true
    case "false": caches = false
    case let other?: throw root["spec"]["metadata"]["schemaCachingEnabled"].wrong("must be true or false, got \(other)")
    }
  }

  /// A member of the component's metadata, which stands in the file or in a secret; nil if there is none.
  private static func text(_ name: String, _ root: ComponentField, _ stores: [SecretStore]) throws(DevSidecarFailure) -> String? {
    guard let element = root["spec"]["metadata"].node?.elements.first(where: { $0["name"]?.text == name }) else { return nil }
    let field = root["spec"]["metadata"][name]
    guard let reference = element["secretKeyRef"] else {
      guard let text = element["value"]?.text else { throw field.wrong("must have a value or a secretKeyRef, got neither") }
      return text
    }
    // Kubernetes' secrets are where a component looks that names no store.
    let store = root["auth"]["secretStore"].node?.text ?? "kubernetes"
    let secret = reference["name"]?.text ?? ""
    let key = reference["key"]?.text ?? secret
    guard let value = stores.first(where: { $0.name == store })?.secret(secret)?[key] else {
      throw field.wrong("must name a value of a secret of \(store), got \(secret) and \(key)")
    }
    return value
  }
}
