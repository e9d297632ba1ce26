import Commands
import Glibc
import HTTPClient
import HTTPServer
import JSON

/// The engine beside Kafka, in the timed sidecar's model: how fast waiting events are processed, what that asks of the sidecar, and the
/// same for an app without mastery.
struct KafkaBench {
  /// The store, by the name of its costs.
  enum Store: String, CaseIterable {
    case redis
    case encryptedRedis = "encrypted-redis"
    case postgres
    case sqlite

    /// The behaviour of the store.
    var profile: String { self == .encryptedRedis ? "redis" : rawValue }

    /// The store that arguments name; nil if they name none.
    ///
    /// - Throws: `CommandFailure.wrongCall` if there is no such store.
    init?(_ arguments: CallArguments) throws(CommandFailure) {
      guard let name = arguments.options["store"] else { return nil }
      guard let store = Self(rawValue: name) else {
        throw .wrongCall("--store must be redis, encrypted-redis, postgres or sqlite, got \"\(name)\"")
      }
      self = store
    }
  }

  /// How deliveries are gathered.
  struct Gathering: Hashable {
    var batch: Int
    var wait: Int
  }

  /// How one app handled the events.
  struct Worked {
    /// Events per second, from the first delivery to the last answer.
    var rate: Double
    var counts: TimedSidecar.Counts
    /// Seconds from the last answer until nothing waited any more.
    var behind: Double
  }

  let program: String
  let events: WaitingEvents
  let store: Store
  let layout: BrokerLayout
  let client: HTTPClient
  private let sidecarPort = UInt16.random(in: 20_000..<26_000)
  private let appPort = UInt16.random(in: 26_000..<32_000)
  /// How long the events may take before the bench gives up, in microseconds.
  private static let patience = 1_800_000_000

  init(program: String, events: WaitingEvents, store: Store, layout: BrokerLayout, client: HTTPClient) {
    self.program = program
    self.events = events
    self.store = store
    self.layout = layout
    self.client = client
  }

  /// Lets the app without mastery process the events.
  ///
  /// - Throws: `BenchFailure` if it does not.
  func floor(_ gathering: Gathering, pieces: Int = 1) async throws(BenchFailure) -> Worked {
    let sidecar = try await loaded()
    let before = try await sidecar.counts()
    let app = FloorApp(
      topics: WaitingEvents.topics, layout: layout, batch: gathering.batch, wait: gathering.wait, pieces: pieces, sidecar: sidecar.address,
      client: client)
    let server: HTTPServer
    do {
      server = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: appPort), application: app)
    } catch {
      throw BenchFailure("port \(appPort) is taken")
    }
    let worked = try await watch(sidecar, since: before)
    try sidecar.stop()
    await server.stop(within: .seconds(1))
    return worked
  }

  /// Lets the engine process the events, gathered as requested or with its default.
  ///
  /// - Returns: The figures, and how the events were gathered.
  /// - Throws: `BenchFailure` if it does not.
  func engine(batch: Int?, wait: Int?) async throws(BenchFailure) -> (worked: Worked, gathering: Gathering) {
    let sidecar = try await loaded()
    let before = try await sidecar.counts()
    var settings = [
      "APP_PORT=\(appPort)", "DAPR_HTTP_PORT=\(sidecarPort)", "LOG_LEVEL=warning", "ENVIRONMENT=development", "RATE_LIMIT_ENABLED=false",
    ]
    settings += layout.environment
    if let batch { settings.append("EVENT_BATCH=\(batch)") }
    if let wait { settings.append("EVENT_BATCH_WAIT=\(wait)") }
    let engine = try ChildProcess(program, ["serve"], environment: settings)
    let worked: Worked
    do {
      worked = try await watch(sidecar, since: before)
    } catch {
      throw BenchFailure("\(error.message): \(engine.output)")
    }
    let gathering = try await gathering()
    try engine.stop()
    try sidecar.stop()
    return (worked, gathering)
  }

  /// A sidecar with all events waiting.
  private func loaded() async throws(BenchFailure) -> TimedSidecar {
    let sidecar = try await TimedSidecar(program, port: sidecarPort, appPort: appPort, store: store, layout: layout, client: client)
    try await events.publish(through: sidecar)
    return sidecar
  }

  /// Waits until all events are processed, and then until nothing waits.
  private func watch(_ sidecar: TimedSidecar, since before: TimedSidecar.Counts) async throws(BenchFailure) -> Worked {
    let patience = LoadGenerator.now + Self.patience
    var (began, ended): (Int?, Int?)
    var counts = before
    while ended == nil || counts.undelivered > 0 {
      usleep(5_000)
      counts = try await sidecar.counts()
      let now = LoadGenerator.now
      guard now < patience else { throw BenchFailure("the events are not worked off: \(Int(counts.done)) of \(events.count)") }
      if began == nil, counts.delivered > 0 { began = now }
      if ended == nil, Int(counts.done) >= events.count { ended = now }
    }
    guard counts.deadLettered == 0 else { throw BenchFailure("\(Int(counts.deadLettered)) events became dead letters") }
    guard let began, let ended else { throw BenchFailure("there was nothing to work off") }
    return Worked(
      rate: Double(events.count) / (Double(max(ended - began, 1)) / 1e6), counts: counts.since(before),
      behind: Double(LoadGenerator.now - ended) / 1e6)
  }

  /// How the engine has its events gathered.
  private func gathering() async throws(BenchFailure) -> Gathering {
    let call = HTTPCall("GET", "http://127.0.0.1:\(appPort)/dapr/subscribe", deadline: 5_000)
    guard let answer = try? await client.send(call), answer.status == 200 else { throw BenchFailure("\(call.url) does not answer") }
    let read = try? JSONDocument.parse(answer.body) { (root) throws(Never) -> Gathering? in
      for subscription in root.elements where subscription["topic"]?.string == WaitingEvents.topics[0] {
        guard let batch = subscription["bulkSubscribe"]?["maxMessagesCount"]?.integer,
          let wait = subscription["bulkSubscribe"]?["maxAwaitDurationMs"]?.integer
        else { continue }
        return Gathering(batch: Int(batch), wait: Int(wait))
      }
      return nil
    }
    guard let gathering = read ?? nil else { throw BenchFailure("the engine subscribes nothing in bulk") }
    return gathering
  }
}
