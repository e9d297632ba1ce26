/// How the component files configure the state store.
struct StateSetUp: Sendable {
  /// The store's name; nil if there is no store.
  let name: String?
  let rules: StateRules
  /// Surprises in the configuration, a line each.
  let notes: [String]

  /// - Parameters:
  ///   - components: The component files.
  ///   - profile: The recorded store to behave like; nil uses the component's type.
  /// - Throws: `DevSidecarFailure` if an encryption key is not available.
  init(_ components: Components, profile: DevSidecarSettings.Profile?) throws(DevSidecarFailure) {
    let component = components.stateStore
    let profile = profile ?? component?.profile ?? .memory
    switch try component?.setUp(components.secrets) {
    case nil: (name, rules, notes) = (nil, StateRules(profile: profile), [])
    case .clear: (name, rules, notes) = (component?.name, StateRules(profile: profile), [])
    case .encrypted(let keys): (name, rules, notes) = (component?.name, StateRules(profile: profile, keys: keys), [])
    case .unencrypted(let why):
      (name, rules) = (component?.name, StateRules(profile: profile))
      notes = ["\(component?.name ?? ""): values are not encrypted, since \(why)"]
    case .leftOut(let secretStore):
      (name, rules) = (nil, StateRules(profile: profile))
      notes = [
        "\(component?.name ?? ""): the state store is left out, since there is no secret store \(secretStore)"
          + (secretStore == "kubernetes" ? "; a folder of secrets can stand in for it" : "")
      ]
    }
  }
}
