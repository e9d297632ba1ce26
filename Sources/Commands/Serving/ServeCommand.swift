internal import MasteryService

/// `serve`: the service beside a sidecar, until it is told to stop.
struct ServeCommand: Command {
  static let usage = Usage(
    command: "serve",
    purpose: "Serves beside a Dapr sidecar. The settings come from the environment; the README lists them.",
    options: [])

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    let stop = StopSignal.listen()
    let variables = SystemEnvironment.settings
    let waiting = try Self.read(variables.filter { !Configuration.secrets.contains($0.key) })
    let log = Log.standardError(level: waiting.logLevel, format: waiting.logFormat)
    let configuration = try Self.configuration(try await SecretSettings.complete(variables, edge: .system, log: log))
    let service = try RunningService(configuration, host: "0.0.0.0", edge: .system)
    await stop.ended()
    await service.stop()
  }

  /// The settings that variables make, with nothing missing that the service must have where it runs.
  ///
  /// - Throws: `CommandFailure.badSetting` naming the first that is wrong.
  static func configuration(_ variables: [String: String]) throws(CommandFailure) -> Configuration {
    let configuration = try read(variables)
    do {
      try configuration.checkSecrets()
    } catch {
      throw .badSetting(error.description)
    }
    return configuration
  }

  /// The settings that variables make.
  ///
  /// - Throws: `CommandFailure.badSetting` naming the first that is wrong.
  static func read(_ variables: [String: String]) throws(CommandFailure) -> Configuration {
    do {
      return try Configuration(environment: variables)
    } catch {
      throw .badSetting(error.description)
    }
  }
}
