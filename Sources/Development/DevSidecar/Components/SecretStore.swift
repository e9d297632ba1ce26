/// Values kept out of component files, each under the name of its secret and its own.
struct SecretStore: Hashable, Sendable {
  let name: String
  /// The secrets by their names.
  private(set) var secrets: [String: [String: String]] = [:]
  /// Whether every unknown name is an empty secret, as in the environment.
  private(set) var hasEveryName = false

  /// A secret's values by their names; nil if there is no such secret.
  func secret(_ name: String) -> [String: String]? {
    secrets[name] ?? (hasEveryName ? [name: ""] : nil)
  }

  /// The store that a component file describes; nil if it needs a stand-in and there is none.
  ///
  /// - Parameters:
  ///   - name: The component's name.
  ///   - type: `secretstores.local.file`, `secretstores.local.env` or `secretstores.kubernetes`.
  ///   - root: The component.
  ///   - metadata: Its metadata as one mapping.
  ///   - sources: Where secrets come from.
  /// - Throws: `DevSidecarFailure` that names the wrong field.
  init?(
    name: String, type: String, _ root: ComponentField, _ metadata: ComponentField, sources: SecretSources
  ) throws(DevSidecarFailure) {
    self.name = name
    switch type {
    case "secretstores.local.file": secrets = try SecretFile(metadata, folder: sources.components).secrets
    case "secretstores.local.env":
      secrets = sources.environment(prefix: metadata["prefix"].node?.text ?? "")
      hasEveryName = true
    case "secretstores.kubernetes":
      guard let mounted = try sources.mounted() else { return nil }
      secrets = mounted
    default:
      throw root["spec"]["type"].wrong("must be secretstores.local.file, secretstores.local.env or secretstores.kubernetes, got \(type)")
    }
  }

  init(name: String, secrets: [String: [String: String]]) {
    self.name = name
    self.secrets = secrets
  }
}
