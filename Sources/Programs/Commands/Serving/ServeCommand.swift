internal import MasteryCore
internal import MasteryService

/// `serve`: runs the service beside a sidecar until it is told to stop.
struct ServeCommand: Command {
  static let usage = Usage(
    command: "serve",
    purpose: "Serves beside a Dapr sidecar. The settings come from the environment; the Contract article lists them.",
    options: [])

  /// The event that ends the wait for secrets.
  private enum Happening: Sendable {
    case stopped
    case completed(Result<[String: String], CommandFailure>)
  }

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    let stop = StopSignal.listen()
    let stopped = Task { await stop.ended() }
    guard let service = try await Self.start(SystemEnvironment.settings, stopped: stopped, runtime: .system) else { return }
    await stopped.value
    await service.stop()
  }

  /// Starts the service; while secrets are being fetched, a placeholder listens.
  ///
  /// - Returns: The service, or nil if it was told to stop before it could start.
  /// - Throws: `CommandFailure` if a setting is wrong or missing, or the port cannot be opened.
  private static func start(
    _ variables: [String: String], stopped: Task<Void, Never>, runtime: Runtime
  ) async throws(CommandFailure) -> RunningService? {
    let known = try read(withoutMissing(variables))
    guard SecretSettings.areNeeded(known, variables) else {
      return try await RunningService(try configuration(variables), runtime: runtime)
    }
    let entrance = try Entrance(known, runtime: runtime)
    do throws(CommandFailure) {
      guard let completed = try await secrets(variables, known, stopped: stopped, runtime: runtime) else {
        await entrance.close()
        return nil
      }
      return try await RunningService(try configuration(completed), entrance: entrance, runtime: runtime)
    } catch {
      await entrance.close()
      throw error
    }
  }

  /// The settings with the secrets of the store; nil if the service was told to stop in the meantime.
  private static func secrets(
    _ variables: [String: String], _ known: Configuration, stopped: Task<Void, Never>, runtime: Runtime
  ) async throws(CommandFailure) -> [String: String]? {
    let log = Log.standardError(level: known.logLevel, format: known.logFormat)
    let (happenings, happening) = AsyncStream<Happening>.makeStream()
    let asking = Task {
      do throws(CommandFailure) {
        happening.yield(.completed(.success(try await SecretSettings.complete(variables, known, runtime: runtime, log: log))))
      } catch {
        happening.yield(.completed(.failure(error)))
      }
    }
    Task {
      await stopped.value
      happening.yield(.stopped)
    }
    for await next in happenings {
      switch next {
      case .stopped:
        asking.cancel()
        return nil
      case .completed(let result): return try result.get()
      }
    }
    return nil
  }

  /// The variables without secrets that are useful only in pairs and may be completed from the secret store.
  private static func withoutMissing(_ variables: [String: String]) -> [String: String] {
    let pair = ["TLS_CERTIFICATE", "TLS_PRIVATE_KEY"]
    let isWhole = pair.allSatisfy { !(variables[$0]?.isEmpty ?? true) }
    return isWhole ? variables : variables.filter { !pair.contains($0.key) }
  }

  /// The configuration from variables, with every setting required in its environment.
  ///
  /// - Throws: `CommandFailure.badSetting` naming the first invalid setting.
  static func configuration(_ variables: [String: String]) throws(CommandFailure) -> Configuration {
    let configuration = try read(variables)
    do {
      try configuration.checkSecrets()
    } catch {
      throw .badSetting(error.description)
    }
    return configuration
  }

  /// The configuration from variables.
  ///
  /// - Throws: `CommandFailure.badSetting` naming the first invalid setting.
  static func read(_ variables: [String: String]) throws(CommandFailure) -> Configuration {
    do {
      return try Configuration(environment: variables)
    } catch {
      throw .badSetting(error.description)
    }
  }
}
