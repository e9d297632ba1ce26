internal import DaprClient
internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// The secrets that are not in the environment and lie in the sidecar's secret store.
struct SecretSettings: Sendable {
  let sidecar: any Sidecar
  let store: String

  /// Settings completed by the secrets that the sidecar keeps, once it is there.
  ///
  /// - Parameters:
  ///   - variables: The settings of the environment, which come first.
  ///   - edge: The clock and waiting.
  ///   - log: Hears of the wait for the sidecar.
  /// - Returns: All settings.
  /// - Throws: `CommandFailure` when a setting is wrong, or the store cannot be asked.
  static func complete(_ variables: [String: String], edge: Edge, log: Log) async throws(CommandFailure) -> [String: String] {
    let configuration = try ServeCommand.read(variables.filter { !Configuration.secrets.contains($0.key) })
    guard let store = configuration.secretStore, Configuration.secrets.contains(where: { variables[$0]?.isEmpty ?? true }) else {
      return variables
    }
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let sidecar = DaprClient(
      endpoint: configuration.sidecar, stateStore: configuration.stateStore, broker: configuration.broker,
      apiToken: configuration.sidecarToken, http: client)
    _ = await SidecarWait(sidecar: sidecar, endpoint: configuration.sidecar, edge: edge, log: log).end()
    return try await Self(sidecar: sidecar, store: store).completed(variables)
  }

  /// The settings with the secrets that are missing among them and are in the store.
  ///
  /// - Throws: `CommandFailure.unavailable` when the store cannot be asked.
  func completed(_ variables: [String: String]) async throws(CommandFailure) -> [String: String] {
    var completed = variables
    for name in Configuration.secrets where variables[name]?.isEmpty ?? true {
      if let value = try await secret(name) { completed[name] = value }
    }
    return completed
  }

  private func secret(_ setting: String) async throws(CommandFailure) -> String? {
    let name = String(setting.lowercased().map { $0 == "_" ? "-" : $0 })
    do {
      let values = try await sidecar.secret(name, store: store, context: CallContext(deadline: 5_000))
      // Stores of many values in one secret name them as the settings are named, or as the secret.
      return values[name] ?? values[setting] ?? (values.count == 1 ? values.first?.value : nil)
    } catch {
      switch error {
      // So a sidecar words that there is no such secret.
      case .failed: return nil
      default: throw .unavailable("the secret store \(store) cannot be asked for \(name): \(error)")
      }
    }
  }
}
