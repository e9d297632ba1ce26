internal import MasteryService

/// `serve`: the service beside a sidecar, until it is told to stop.
struct ServeCommand: Command {
  static let usage = Usage(
    command: "serve",
    purpose: "Serves beside a Dapr sidecar. The settings come from the environment; the README lists them.",
    options: [])

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    let configuration = try Self.configuration(SystemEnvironment.settings)
    let stop = StopSignal.listen()
    let service = try RunningService(configuration, host: "0.0.0.0", edge: .system)
    await stop.ended()
    await service.stop()
  }

  /// The settings that environment variables make.
  ///
  /// - Throws: `CommandFailure.badSetting` naming the first that is wrong.
  static func configuration(_ variables: [String: String]) throws(CommandFailure) -> Configuration {
    let configuration: Configuration
    do {
      configuration = try Configuration(environment: variables)
    } catch {
      throw .badSetting(error.description)
    }
    guard configuration.environment == .development else {
      throw .badSetting(
        "ENVIRONMENT must be development: this release lets every request in without a token, so it does not start for "
          + configuration.environment.rawValue)
    }
    return configuration
  }
}
