internal import DevSidecar

/// `sidecar`: runs the development sidecar by itself until it is told to stop.
struct SidecarCommand: Command {
  static let usage = Usage(
    command: "sidecar",
    purpose: "Runs the development sidecar, which answers as Dapr's does, in memory or on SQLite.",
    options: [
      .init("port", "PORT", "where it listens (3500)"),
      .init("app-port", "PORT", "where the app listens (8005)"),
      .init("app-id", "ID", "the app's name (mastery-engine)"),
      .init("components", "FOLDER", "the component files (built in: those of components/dev)"),
      .init("data", "FOLDER", "keeps state and undelivered messages there (in memory)"),
      .init("secrets", "FOLDER", "stands in for Kubernetes' secrets: FOLDER/SECRET/KEY holds a value (none)"),
      .init("schemas", "FOLDER", "serves FOLDER/SUBJECT.avsc as a schema registry for Avro (no registry)"),
      .init("schema-port", "PORT", "where that registry listens (8081)"),
      .init("profile", "NAME", "the store that it answers like: memory, sqlite, redis or postgres (as the component's type says)"),
      .init("broker", "NAME", "the broker that it delivers like: kafka, redis or memory (as each component's type says, else kafka)"),
      .init("costs", "NAME", "lets calls take a real sidecar's time beside Kafka and redis, encrypted-redis, postgres or sqlite (none)"),
      .init("block-shutdown", "SECONDS", "how long it answers on after it is told to stop, 0 to 600 (it closes at once)"),
    ])

  private let settings: DevSidecarSettings
  private let components: String?
  private let block: Duration?
  private let schemas: String?
  private let schemaPort: UInt16

  init(_ arguments: CallArguments) throws(CommandFailure) {
    var settings = DevSidecarSettings(
      port: try arguments.port("port") ?? 3500, appPort: try arguments.port("app-port") ?? 8005,
      appID: arguments.options["app-id"] ?? "mastery-engine", components: "")
    components = arguments.options["components"]
    settings.data = arguments.options["data"]
    settings.secrets = arguments.options["secrets"]
    if let name = arguments.options["profile"] {
      guard let profile = DevSidecarSettings.Profile(rawValue: name) else {
        throw .wrongCall("sidecar: --profile must be memory, sqlite, redis or postgres, got \"\(name)\"")
      }
      settings.profile = profile
    }
    settings.broker = try arguments.broker()
    if let name = arguments.options["costs"] {
      guard let costs = CostTable(rawValue: name) else {
        throw .wrongCall("sidecar: --costs must be redis, encrypted-redis, postgres or sqlite, got \"\(name)\"")
      }
      settings.costs = costs
    }
    schemas = arguments.options["schemas"]
    schemaPort = try arguments.port("schema-port") ?? 8081
    block = try arguments.number("block-shutdown", 0...600).map { .seconds($0) }
    settings.daprAPIToken = SystemEnvironment.value("DAPR_API_TOKEN")
    settings.appAPIToken = SystemEnvironment.value("APP_API_TOKEN")
    self.settings = settings
  }

  func run() async throws(CommandFailure) {
    let stop = StopSignal.listen()
    let registry = try openRegistry()
    let sidecar = try await DevSidecar.open(settings, components: components)
    sidecar.begin()
    ToldSignal.storeOutage.listen { [faults = sidecar.faults] in
      faults.isStoreDown.toggle()
      Terminal.note("the store \(faults.isStoreDown ? "fails every call, until SIGUSR1 comes again" : "answers again")")
    }
    ToldSignal.brokerOutage.listen { [faults = sidecar.faults] in
      faults.isBrokerDown.toggle()
      Terminal.note("the broker \(faults.isBrokerDown ? "takes no message, until SIGUSR2 comes again" : "takes messages again")")
    }
    Terminal.note("the sidecar listens on \(settings.host):\(sidecar.port)")
    await stop.ended()
    await sidecar.stop(within: DevSidecar.graceForDeliveries, blockingFor: block)
    await registry?.stop(within: .seconds(1))
  }

  /// The registry of the schemas' folder; nil without one.
  private func openRegistry() throws(CommandFailure) -> DevSchemaRegistry? {
    guard let schemas else { return nil }
    do {
      let registry = try DevSchemaRegistry(host: settings.host, port: schemaPort, schemas: schemas)
      Terminal.note("the schema registry listens on \(settings.host):\(registry.port)")
      return registry
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension CallArguments {
  /// The broker named by `--broker`; nil without it.
  ///
  /// - Throws: `CommandFailure.wrongCall` if there is no such broker.
  func broker() throws(CommandFailure) -> BrokerProfile? {
    guard let name = options["broker"] else { return nil }
    guard let broker = BrokerProfile(rawValue: name) else {
      throw .wrongCall("--broker must be kafka, redis or memory, got \"\(name)\"")
    }
    return broker
  }
}
