internal import DevSidecar
internal import MasteryService

/// The service and its development sidecar, both running.
struct DevPair: Sendable {
  let sidecar: DevSidecar
  let service: RunningService
  let configuration: Configuration

  /// Starts both on the loopback address.
  ///
  /// - Throws: `CommandFailure` if a setting is wrong or a port cannot be opened.
  init(_ ports: DevPorts, components: String?, broker: BrokerProfile? = nil, data: String?) async throws(CommandFailure) {
    let defaults = ["LOG_LEVEL": "warning", "LOG_FORMAT": "text"]
    var variables = defaults.merging(SystemEnvironment.settings) { $1 }
    // These override the environment: this is development, and the sidecar is the one started here.
    variables["ENVIRONMENT"] = "development"
    var configuration = try ServeCommand.configuration(variables)
    configuration.host = "127.0.0.1"
    configuration.port = ports.app
    configuration.sidecar = "http://127.0.0.1:\(ports.sidecar)"

    var settings = DevSidecarSettings(port: ports.sidecar, appPort: ports.app, appID: "mastery-engine", components: "")
    settings.data = data
    settings.broker = broker
    settings.daprAPIToken = configuration.sidecarToken
    settings.appAPIToken = configuration.appToken
    sidecar = try await DevSidecar.open(settings, components: components)
    do {
      service = try await RunningService(configuration, runtime: .system)
    } catch {
      await sidecar.stop(within: .seconds(1))
      throw error
    }
    self.configuration = configuration
    sidecar.begin()
  }

  /// Stops deliveries first, then the service, which can no longer write by then.
  func stop() async {
    await service.settle()
    await sidecar.stop(within: .seconds(5))
    await service.stop()
  }
}
