import Commands
import HTTPClient

/// `mastery-bench`: what the engine costs, as medians of several runs, each beside a floor of the same run.
struct BenchCommand: Command {
  static let usage = Usage(
    program: "mastery-bench",
    purpose: "Measures the engine and prints a table: the median of several runs, and its ratio to a floor of the same run.\n"
      + "mastery-bench load offers a load at a fixed rate instead; mastery-bench load --help tells more.",
    options: [
      .init("only", "GROUP", "one group: \(Bench.allCases.map(\.rawValue).joined(separator: ", "))"),
      .init("runs", "N", "how often each is measured, 1 to 100 (5)"),
      .init("count", "N", "pieces of work in a run of what happens in this process (100000)"),
      .init("events", "FILE", "the events to replay, one JSON object a line, gzipped or not; the shipped course when missing"),
      .init("batch", "N", "with kafka: most events of a delivery, 1 to 10000 (as the engine is shipped)"),
      .init("wait", "MS", "with kafka: how long deliveries are gathered, 1 to 60000 (as the engine is shipped)"),
      .init("components", "NAME", "with kafka: one component for all event topics or one for each, shared or per-topic (shared)"),
      .init("store", "NAME", "with kafka: redis, encrypted-redis, postgres or sqlite (redis)"),
    ])

  private let groups: [Bench]
  private let runs: Int
  private let count: Int
  private let events: String?
  /// Events that wait in Kafka.
  private let waiting: Int
  private let batch: Int?
  private let wait: Int?
  private let store: KafkaBench.Store
  private let layout: BrokerLayout

  init(_ arguments: CallArguments) throws(CommandFailure) {
    groups =
      try arguments.options["only"].map { (name) throws(CommandFailure) in
        guard let group = Bench(rawValue: name) else {
          let known = Bench.allCases.map(\.rawValue).joined(separator: ", ")
          throw .wrongCall("--only must be one of \(known), got \"\(name)\"")
        }
        return [group]
      } ?? Bench.usual
    runs = try arguments.number("runs", 1...100) ?? 5
    count = try arguments.number("count", 1...100_000_000) ?? 100_000
    waiting = try arguments.number("count", 1...100_000_000) ?? 40_000
    batch = try arguments.number("batch", 1...10_000)
    wait = try arguments.number("wait", 1...60_000)
    store = try KafkaBench.Store(arguments) ?? .redis
    layout = try BrokerLayout(arguments) ?? .shared
    events = arguments.options["events"]
  }

  func run() async throws(CommandFailure) {
    do {
      let client = try HTTPClient()
      defer { client.stop() }
      if groups == [.kafka] { return try await kafka(client) }
      let chain = Chain(program: EngineProgram.path, events: events, client: client)
      Terminal.say(Self.line("measured", ["median", "floor", "ratio"]))
      for group in groups { try await measure(group, chain) }
    } catch let failure as BenchFailure {
      throw .unavailable(failure.message)
    } catch {
      throw .unavailable("\(error)")
    }
  }

  private func kafka(_ client: HTTPClient) async throws(BenchFailure) {
    let bench = KafkaBench(
      program: EngineProgram.path, events: try WaitingEvents(events, most: waiting), store: store, layout: layout, client: client)
    try await KafkaReport(bench: bench, runs: runs, batch: batch, wait: wait).run()
  }

  private func measure(_ group: Bench, _ chain: Chain) async throws(BenchFailure) {
    let inProcess = InProcess(count: count)
    var rows = [[Bench.Row]]()
    for _ in 0..<runs { rows.append(try await group.rows(inProcess, chain)) }
    for (index, row) in (rows.first ?? []).enumerated() {
      Terminal.say(Self.line(row.name, rows.map { $0[index].measured }.medians.map(Self.decimals)))
    }
  }

  private static func line(_ name: String, _ figures: [String]) -> String {
    name + spaces(36 - name.count) + figures.map { spaces(12 - $0.count) + $0 }.joined()
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private static func decimals(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}
