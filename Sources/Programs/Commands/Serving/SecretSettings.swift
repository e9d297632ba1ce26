internal import DaprClient
internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// The secrets that are not in the environment but in the sidecar's secret store.
struct SecretSettings: Sendable {
  /// Milliseconds for which a failing store is retried.
  private static let patience: Int64 = 10_000
  /// Milliseconds between two tries of a failing store.
  private static let pause = 500

  let sidecar: any Sidecar
  let store: String
  let runtime: Runtime
  let log: Log

  /// Whether the settings name a secret store and the environment lacks some secrets.
  static func areNeeded(_ configuration: Configuration, _ variables: [String: String]) -> Bool {
    configuration.secretStore != nil && Configuration.secrets.contains { variables[$0]?.isEmpty ?? true }
  }

  /// Completes the settings with the secrets in the sidecar's store, once the sidecar is ready.
  ///
  /// - Parameters:
  ///   - variables: The environment's settings, which take precedence.
  ///   - configuration: The settings of sidecar and secret store.
  ///   - runtime: The clock and sleeping.
  ///   - log: Receives lines about the wait for the sidecar.
  /// - Returns: All settings.
  /// - Throws: `CommandFailure` if the store cannot be read.
  static func complete(
    _ variables: [String: String], _ configuration: Configuration, runtime: Runtime, log: Log
  ) async throws(CommandFailure) -> [String: String] {
    guard let store = configuration.secretStore else { return variables }
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let sidecar = DaprClient(configuration, http: client)
    _ = await SidecarWait(sidecar: sidecar, endpoint: configuration.sidecar, runtime: runtime, log: log).end()
    return try await Self(sidecar: sidecar, store: store, runtime: runtime, log: log).completed(variables)
  }

  /// The settings, completed with secrets from the store.
  ///
  /// A secret that does not exist in the store, or that the service may not read, counts as missing. A secret that the store fails to
  /// return may exist: starting without it could mean to serve without TLS, or to accept any caller as the sidecar.
  ///
  /// - Throws: `CommandFailure.unavailable` if the store keeps failing, `badSetting` if it can never be used.
  func completed(_ variables: [String: String]) async throws(CommandFailure) -> [String: String] {
    var completed = variables
    let end = runtime.now().adding(milliseconds: Self.patience)
    for name in Configuration.secrets where variables[name]?.isEmpty ?? true {
      if let value = try await secret(name, until: end) { completed[name] = value }
    }
    return completed
  }

  private func secret(_ setting: String, until end: Timestamp) async throws(CommandFailure) -> String? {
    let name = String(setting.lowercased().map { $0 == "_" ? "-" : $0 })
    var isWarned = false
    while true {
      switch await ask(name) {
      // Stores with several values in one secret name them after the settings, or after the secret.
      case .values(let values): return values[name] ?? values[setting] ?? (values.count == 1 ? values.first?.value : nil)
      case .missing: return nil
      case .denied(let why):
        warn("the secret store denies \(name): the service starts without \(setting)", why)
        return nil
      case .unusable(let why): throw .badSetting("SECRET_STORE_NAME: the secret store \(store) cannot be asked for \(name): \(why)")
      case .failed(let why):
        guard runtime.now() < end, !Task.isCancelled else {
          throw .unavailable("the secret store \(store) fails to hand out \(name), so that \(setting) may be missing: \(why)")
        }
        if !isWarned { warn("the secret store fails to hand out \(name); the start waits for it", why) }
        isWarned = true
        await runtime.sleep(milliseconds: Self.pause)
      }
    }
  }

  private func ask(_ name: String) async -> SecretAnswer {
    do {
      return .values(try await sidecar.secret(name, store: store, context: CallContext(deadline: 5_000)))
    } catch {
      return SecretAnswer(error, name: name)
    }
  }

  private func warn(_ message: String, _ why: String) {
    log(LogLine(.warning, message, [("secret_store", .text(store)), ("answer", .text(why))]), at: runtime.now())
  }
}
