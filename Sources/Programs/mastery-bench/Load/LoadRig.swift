import Commands
import DevSidecar
import HTTPClient
import HTTPServer
import LoadTesting

/// The engine's replicas as processes beside a timed sidecar in this process, as they stand beside Kafka and a store.
struct LoadRig: Sendable {
  let sidecar: DevSidecar
  let fleet: EngineFleet
  let replicas: ReplicaTable
  let client: HTTPClient
  private let door: HTTPServer?

  /// Starts everything and waits until the engine is ready.
  ///
  /// - Parameters:
  ///   - settings: The store and the number of replicas.
  ///   - program: The program `mastery-engine`.
  ///   - isTimed: Whether calls of the sidecar take a real one's time.
  ///   - onPublish: Sees each message that the broker takes.
  /// - Throws: `BenchFailure` if something does not start.
  init(
    _ settings: LoadSettings, program: String, isTimed: Bool = true, onPublish: @escaping @Sendable (String, [UInt8]) -> Void
  ) async throws(BenchFailure) {
    OpenFiles.allowMost()
    do {
      client = try HTTPClient(connections: 64)
    } catch {
      throw BenchFailure("\(error)")
    }
    let components = try KafkaComponents(settings.store, settings.layout)
    let appPort = UInt16.random(in: 26_000..<32_000)
    var listening = DevSidecarSettings(port: 0, appPort: appPort, appID: "mastery-engine", components: components.folder)
    listening.profile = DevSidecarSettings.Profile(rawValue: settings.store.profile)
    listening.broker = .kafka
    listening.costs = isTimed ? CostTable(rawValue: settings.store.rawValue) : nil
    listening.onPublish = onPublish
    do {
      sidecar = try await DevSidecar(listening)
    } catch {
      throw BenchFailure(error.description)
    }
    // The files are read only once, at the start.
    withExtendedLifetime(components) {}
    fleet = EngineFleet(
      program, replicas: settings.scenario.replicas, settings: settings.environment, appPort: appPort, sidecarPort: sidecar.port,
      client: client)
    replicas = ReplicaTable(fleet.ports)
    if settings.scenario.replicas > 1 {
      var behind = HTTPServerSettings(host: "127.0.0.1", port: appPort)
      behind.bodiesLimit = 256 << 20
      do {
        door = try HTTPServer(behind, application: ReplicaDoor(replicas: replicas, client: client))
      } catch {
        throw BenchFailure("port \(appPort) is taken")
      }
    } else {
      door = nil
    }
    sidecar.begin()
    try await fleet.start()
  }

  /// Stops the engine first, then the sidecar.
  ///
  /// - Throws: `BenchFailure` if the engine does not end well.
  func stop() async throws(BenchFailure) {
    try await fleet.stop()
    await door?.stop(within: .seconds(1))
    await sidecar.stop(within: .seconds(1))
    client.stop()
  }
}
