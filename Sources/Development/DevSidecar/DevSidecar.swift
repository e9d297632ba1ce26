internal import HTTPClient
internal import HTTPServer

/// A local sidecar that answers as `daprd` was recorded to: state, pub/sub, invocation, secrets, metadata, health.
///
/// It lives in one process, in memory or with a folder of SQLite databases, and reads the same component files.
public final class DevSidecar: Sendable {
  /// Deliberate faults; none until a test sets them.
  public let faults = Faults()
  /// What is configured in an unexpected way, a line each: a state store that is left out, or not encrypted.
  public let notes: [String]
  private let server: HTTPServer
  private let app: App?
  private let courier: Courier?
  private let doors: Doors
  /// Calls the schema registries; nil if no component names one.
  private let registries: HTTPClient?

  /// Reads the components, opens the data and starts answering; the app is not called before `begin`.
  ///
  /// - Parameter settings: Where, for whom and from what.
  /// - Throws: `DevSidecarFailure` that names what to fix.
  public init(_ settings: DevSidecarSettings) async throws(DevSidecarFailure) {
    let components = try Components(folder: settings.components, secrets: settings.secrets)
    let stored = try StateSetUp(components, profile: settings.profile)
    notes = stored.notes
    let app = try App(settings)
    let cores = settings.costs.map { Cores($0) }
    let courier: Courier?
    let state: StateDoor
    let (wires, registries) = try Self.wires(components)
    do {
      courier = try Self.courier(settings, components, wires, app, faults, cores)
      let engine = try Self.engine(settings, stored.rules.profile)
      let store = StateStore(rules: stored.rules, engine: engine, appID: settings.appID)
      let target = stored.name.flatMap { components.resiliency.targets[$0] } ?? Resiliency.Target()
      state = StateDoor(store, name: stored.name, resiliency: target, faults: faults)
    } catch {
      throw .data(error.message)
    }
    let doors = Doors(
      state: state, publish: PublishDoor(courier, appID: settings.appID, faults: faults),
      invoke: try InvokeDoor(app, components.endpoints) { courier?.ask() }, secrets: SecretDoor(stores: components.secrets),
      metadata: MetadataDoor(
        appID: settings.appID, components: components, profile: stored.rules.profile, app: app, courier: courier, cores: cores),
      app: app, token: settings.daprAPIToken, faults: faults, cores: cores)
    var listening = HTTPServerSettings(host: settings.host, port: settings.port)
    listening.bodiesLimit = 256 << 20
    do {
      server = try HTTPServer(listening, application: doors)
    } catch {
      throw .cannotListen(host: settings.host, port: settings.port)
    }
    self.app = app
    self.courier = courier
    self.doors = doors
    self.registries = registries
  }

  /// How each component reads and writes Avro, and the client that asks the registries.
  private static func wires(_ components: Components) throws(DevSidecarFailure) -> ([String: AvroWire], HTTPClient?) {
    var wires: [String: AvroWire] = [:]
    var client: HTTPClient?
    for component in components.pubsubs {
      var registry: SchemaRegistry?
      if let address = try components.registry(of: component.name) {
        let opened: HTTPClient
        do {
          opened = try client ?? HTTPClient(connections: 16)
        } catch {
          throw .client("\(error)")
        }
        client = opened
        registry = SchemaRegistry(address, opened)
      }
      wires[component.name] = AvroWire(registry: registry, namesBranches: component.namesBranches)
    }
    return (wires, client)
  }

  private static func engine(
    _ settings: DevSidecarSettings, _ profile: DevSidecarSettings.Profile
  ) throws(DatabaseFailure) -> any StateEngine {
    if let data = settings.data { return try SQLiteEngine(path: "\(try folder(data))/state.sqlite") }
    return profile == .sqlite ? try SQLiteEngine(path: ":memory:") : MemoryEngine()
  }

  private static func courier(
    _ settings: DevSidecarSettings, _ components: Components, _ wires: [String: AvroWire], _ app: App?, _ faults: Faults, _ cores: Cores?
  ) throws(DatabaseFailure) -> Courier? {
    guard !components.pubsubs.isEmpty else { return nil }
    var journal: Journal?
    if let data = settings.data { journal = try Journal(path: "\(try folder(data))/messages.sqlite") }
    return try Courier(
      components.pubsubs.map { ($0.running(as: settings.broker), components.resiliency.targets[$0.name] ?? Resiliency.Target()) },
      wires: wires, journal: journal, app: app, faults: faults, cores: cores, onPublish: settings.onPublish, onNote: settings.onNote)
  }

  private static func folder(_ path: String) throws(DatabaseFailure) -> String {
    guard FileSystem.makeFolder(path) else { throw DatabaseFailure(message: "\(path): the data folder cannot be made") }
    return path
  }

  /// The port that it listens on.
  public var port: UInt16 { server.port }

  /// Asks the app for its subscriptions in the background until it answers, and then delivers.
  public func begin() {
    courier?.ask()
  }

  /// What has happened to the messages, by topic.
  public var statistics: [String: TopicStatistics] { courier?.statistics ?? [:] }

  /// Publishes as an app beside another sidecar of the same brokers does: what that costs is not this sidecar's.
  ///
  /// - Parameters:
  ///   - bulk: The body of a bulk publish call.
  ///   - topic: The topic.
  ///   - pubsub: The component's name.
  /// - Returns: Whether the broker has accepted all entries.
  public func publish(_ bulk: [UInt8], to topic: String, of pubsub: String) -> Bool {
    doors.publish(bulk, pubsub: pubsub, topic: topic)
  }

  /// Waits until no message waits for the app or for its answer, or the sidecar stops.
  public func idle() async {
    await courier?.idle()
  }

  /// How long a single delivery may still take once the sidecar stops, as recorded.
  public static let graceForDeliveries = Duration.seconds(5)

  /// Stops as recorded: nothing is delivered any more and the API closes at once.
  ///
  /// A bulk delivery that is with the app is cut off and comes again after a restart with the same data; a single one is waited for.
  ///
  /// - Parameters:
  ///   - limit: How long single deliveries and running calls of the sidecar may take.
  ///   - block: How long the API stays open once the single deliveries are done; health is 500 meanwhile. Nil closes it at once.
  public func stop(within limit: Duration, blockingFor block: Duration? = nil) async {
    doors.end()
    courier?.cutBulk()
    if let block {
      await courier?.drain(within: limit)
      try? await Task.sleep(for: block)
    }
    async let isClosed = server.stop(within: min(limit, .milliseconds(50)))
    await courier?.drain(within: limit)
    courier?.end()
    _ = await isClosed
    app?.stop()
    registries?.stop()
  }
}
