import Commands

/// How a load is set.
struct LoadSettings {
  let scenario: LoadScenario
  /// Events a second.
  let rate: Int
  /// Queries a second.
  let queries: Int
  let seconds: Int
  let students: Int
  /// Connections that are open at once in the scenario of that name.
  let connections: Int
  let store: KafkaBench.Store
  let layout: BrokerLayout
  /// Most events of a delivery; nil for the engine's default.
  let batch: Int?
  /// How long deliveries are gathered, in milliseconds; nil for the engine's default.
  let wait: Int?
  let seed: Int
  /// The file that the report is saved to; nil saves none.
  let report: String?

  static let options: [Usage.Option] = [
    .init("scenario", "NAME", "\(LoadScenario.allCases.map(\.rawValue).joined(separator: ", ")): see above (steady)"),
    .init("rate", "N", "events a second, 0 to 100000 (5000; 1000 with soak, outage, rolling; none with connections, idle)"),
    .init("queries", "N", "queries a second, 0 to 100000 (200; 50 with soak; 1000 calls with connections; none with idle)"),
    .init("seconds", "N", "how long, 1 to 604800, outage from 25 on (300; soak 14400, outage 150, rolling 60, connections 30, idle 120)"),
    .init("students", "N", "how many students the events are about, 100 to 1000000 (20000; 1000 with connections)"),
    .init("connections", "N", "with connections: how many are open at once, 1 to 4000 (1000)"),
    .init("store", "NAME", "whose costs the sidecar has: redis, encrypted-redis, postgres or sqlite (redis)"),
    .init("components", "NAME", "one component for all event topics or one for each, shared or per-topic (per-topic)"),
    .init("batch", "N", "most events of a delivery, 1 to 10000 (as the engine is shipped)"),
    .init("wait", "MS", "how long deliveries are gathered, 1 to 10000 (as the engine is shipped)"),
    .init("seed", "N", "what students, values and gaps are drawn from, 0 to 1000000000 (1)"),
    .init("report", "FILE", "saves the report there, as JSON"),
  ]

  /// Reads arguments.
  ///
  /// - Throws: `CommandFailure.wrongCall` that names the first wrong one.
  init(_ arguments: CallArguments) throws(CommandFailure) {
    var scenario = LoadScenario.steady
    if let name = arguments.options["scenario"] {
      guard let known = LoadScenario(rawValue: name) else {
        throw .wrongCall("--scenario must be one of \(LoadScenario.allCases.map(\.rawValue).joined(separator: ", ")), got \"\(name)\"")
      }
      scenario = known
    }
    self.scenario = scenario
    rate = try arguments.number("rate", 0...100_000) ?? scenario.rate
    queries = try arguments.number("queries", 0...100_000) ?? scenario.queries
    seconds = try arguments.number("seconds", scenario.shortest...604_800) ?? scenario.seconds
    students = try arguments.number("students", 100...1_000_000) ?? (scenario == .connections ? 1_000 : 20_000)
    connections = try arguments.number("connections", 1...4_000) ?? 1_000
    seed = try arguments.number("seed", 0...1_000_000_000) ?? 1
    store = try KafkaBench.Store(arguments) ?? .redis
    layout = try BrokerLayout(arguments) ?? .perTopic
    batch = try arguments.number("batch", 1...10_000)
    wait = try arguments.number("wait", 1...10_000)
    report = arguments.options["report"]
    if report?.isEmpty == true { throw .wrongCall("--report must be the path of a file, got \"\"") }
    if scenario == .idle, rate > 0 || queries > 0 {
      throw .wrongCall("--rate and --queries must be 0 with idle, got \(rate) and \(queries)")
    }
    if scenario == .connections, rate > 0 { throw .wrongCall("--rate must be 0 with connections, got \(rate)") }
    if scenario == .connections, queries == 0 { throw .wrongCall("--queries must be at least 1 with connections, got 0") }
  }

  /// The settings that the engine gets.
  var environment: [String] {
    layout.environment + (batch.map { ["EVENT_BATCH=\($0)"] } ?? []) + (wait.map { ["EVENT_BATCH_WAIT=\($0)"] } ?? [])
  }

  /// The settings of the report.
  var listed: [(name: String, value: Int)] {
    [
      ("events_per_second", rate), ("queries_per_second", queries), ("seconds", seconds), ("students", students),
      ("connections", connections), ("replicas", scenario.replicas), ("seed", seed),
    ]
  }
}
