internal import DaprClient
internal import HTTPClient
internal import HTTPServer
internal import MasteryCore
internal import MasteryService
internal import Tracing

/// The service with all its dependencies, listening.
struct RunningService: Sendable {
  /// How long running requests may take when the service stops.
  private static let stopLimit = Duration.seconds(20)
  /// How long it may take after that to write the remaining audit records, in milliseconds.
  private static let finishLimit: Int64 = 5_000

  private let service: MasteryService
  private let server: HTTPServer
  private let client: HTTPClient
  private let start: Task<Void, Never>
  private let probe: Task<Void, Never>
  private let watch: Task<Void, Never>
  private let trails: Task<Void, Never>
  private let exporter: SpanExporter?
  private let export: Task<Void, Never>

  /// Starts listening, and waits in the background for the sidecar, which asks a listening service for its subscriptions.
  ///
  /// - Parameters:
  ///   - configuration: The configuration; port 0 lets the system choose.
  ///   - entrance: A listener that is already open; nil if there is none.
  ///   - runtime: The clock, sleeping and randomness.
  /// - Throws: `CommandFailure.unavailable` if the port cannot be opened.
  init(_ configuration: Configuration, entrance: Entrance? = nil, runtime: Runtime) async throws(CommandFailure) {
    let log = Log.standardError(level: configuration.logLevel, format: configuration.logFormat)
    ToldSignal.logLevel.listen {
      let line = LogLine(.warning, "SIGHUP switches the log's level", [("log_level", .text(log.switchLevel().rawValue))])
      log(line, at: runtime.now())
    }
    client = try HTTPClient.forCommands()
    let sidecar = DaprClient(configuration, http: client)
    let exporter = SpanExporter(configuration, http: client, runtime: runtime, log: log)
    let service = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: log, spans: exporter?.queue)
    if let entrance, entrance.tls == configuration.tls {
      server = entrance.server
      entrance.application.become(service)
    } else {
      // A port opened without TLS cannot switch to it.
      await entrance?.close()
      server = try HTTPServer.open(configuration, application: service)
    }
    self.service = service
    self.exporter = exporter
    let address = ("host", LogLine.Value.text(configuration.listeningHost))
    log(LogLine(.info, "listening", [address, ("port", .integer(Int(server.port)))]), at: runtime.now())
    if configuration.environment == .development {
      let reach = configuration.isLocal ? "only this machine reaches it" : "whoever reaches it may read and change everything"
      log(
        LogLine(
          configuration.isLocal ? .info : .warning, "in development requests without a token are let in, and \(reach)",
          [address, ("setting", .text("APP_HOST"))]), at: runtime.now())
    }
    if configuration.appToken == nil, configuration.environment != .development {
      log(
        LogLine(.warning, "APP_API_TOKEN is not set: whoever reaches this port may deliver events as if it were the sidecar"),
        at: runtime.now())
    }
    trails = Task { await service.keepTrails() }
    export = Task { await exporter?.run() }
    let wait = SidecarWait(sidecar: sidecar, endpoint: configuration.sidecar, runtime: runtime, log: log)
    let start = Task {
      if await wait.end() { service.started() }
    }
    self.start = start
    let store = StoreProbe(
      encrypts: { (context) async throws(SidecarFailure) in try await sidecar.encryptsState(probe: StoreProbe.key, context: context) },
      name: configuration.stateStore, environment: configuration.environment, runtime: runtime, log: log)
    probe = Task {
      await start.value
      await store.run()
    }
    watch = Task {
      await start.value
      await service.watchComponents()
    }
  }

  /// The port that it listens on.
  var port: UInt16 { server.port }

  /// Waits until the sidecar is ready.
  func ready() async { await start.value }

  /// Waits for a limited time until all accesses so far are recorded.
  func settle() async { await service.finish(within: Self.finishLimit) }

  /// Refuses new requests, lets running ones finish, and closes.
  func stop() async {
    service.stopping()
    start.cancel()
    probe.cancel()
    watch.cancel()
    await server.stop(within: Self.stopLimit)
    trails.cancel()
    export.cancel()
    await trails.value
    async let sent: Void? = exporter?.finish(within: Int(Self.finishLimit))
    await settle()
    _ = await sent
    client.stop()
  }
}
