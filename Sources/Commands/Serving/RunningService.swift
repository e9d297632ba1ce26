internal import DaprClient
internal import HTTPClient
internal import HTTPServer
internal import MasteryCore
internal import MasteryService

/// The service with everything that it needs, listening.
struct RunningService: Sendable {
  /// How long running requests may take when the service stops.
  private static let stopLimit = Duration.seconds(20)
  /// How long it may take after that to write what is still to be put on record, in milliseconds.
  private static let finishLimit: Int64 = 5_000

  private let service: MasteryService
  private let server: HTTPServer
  private let client: HTTPClient
  private let start: Task<Void, Never>
  private let trails: Task<Void, Never>

  /// Starts listening, and waits in the background for the sidecar, which asks a listening service what it subscribes.
  ///
  /// - Parameters:
  ///   - configuration: How the service is set up; port 0 lets the system choose.
  ///   - host: The address to listen on.
  ///   - edge: The clock, waiting, chance.
  /// - Throws: `CommandFailure.unavailable` when the port cannot be listened on.
  init(_ configuration: Configuration, host: String, edge: Edge) throws(CommandFailure) {
    let log = Log.standardError(level: configuration.logLevel, format: configuration.logFormat)
    client = try HTTPClient.forCommands()
    let sidecar = DaprClient(
      endpoint: configuration.sidecar, stateStore: configuration.stateStore, broker: configuration.broker,
      apiToken: configuration.sidecarToken, http: client)
    let service = MasteryService(configuration, sidecar: sidecar, edge: edge, log: log)
    var settings = HTTPServerSettings(host: host, port: configuration.port)
    settings.tls = configuration.tls.map { HTTPServerSettings.TLS(certificate: $0.certificate, privateKey: $0.privateKey) }
    do {
      server = try HTTPServer(settings, application: service)
    } catch {
      let tls = settings.tls == nil ? "" : ", or TLS_CERTIFICATE and TLS_PRIVATE_KEY are no certificate and its key"
      throw .unavailable("port \(configuration.port) cannot be listened on\(tls)")
    }
    self.service = service
    log(LogLine(.info, "listening", [("port", .integer(Int(server.port)))]), at: edge.now())
    trails = Task { await service.keepTrails() }
    let wait = SidecarWait(sidecar: sidecar, endpoint: configuration.sidecar, edge: edge, log: log)
    start = Task {
      if await wait.end() { service.started() }
    }
  }

  /// The port that it listens on.
  var port: UInt16 { server.port }

  /// Waits until the sidecar is there.
  func ready() async { await start.value }

  /// Waits until what was done so far is on record, for a while.
  func settle() async { await service.finish(within: Self.finishLimit) }

  /// Takes no new request, lets running ones end, and closes.
  func stop() async {
    service.stopping()
    start.cancel()
    await server.stop(within: Self.stopLimit)
    trails.cancel()
    await trails.value
    await settle()
    client.stop()
  }
}
