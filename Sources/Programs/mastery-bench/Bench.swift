import HTTPClient

/// The rows of the table, in groups that are measured together.
enum Bench: String, CaseIterable {
  case fold, topics, calculation, guarded, prediction, comparison, start, answers, replay
  /// Groups that take a minute or need a file: only on demand.
  case attack, tokens, traces
  /// Beside Kafka, with a report of its own: only on demand.
  case kafka

  /// The groups that are measured by default.
  static let usual = allCases.filter { $0 != .attack && $0 != .tokens && $0 != .traces && $0 != .kafka }

  /// One row of one run.
  typealias Row = (name: String, measured: Measured)

  /// Measures the group once.
  ///
  /// - Throws: `BenchFailure` if the programs to measure do not run.
  func rows(_ inProcess: InProcess, _ chain: Chain) async throws(BenchFailure) -> [Row] {
    switch self {
    case .fold: return [("an event folded, CPU µs", await inProcess.fold())]
    case .topics: return [("an event of ten topics, of none, CPU µs", await inProcess.foldTopics())]
    case .calculation: return [("a calculation by /process, CPU µs", await inProcess.calculation())]
    case .guarded: return [("a query, token, limits, audit, CPU µs", await inProcess.guarded())]
    case .prediction: return [("a prediction from 90 days, CPU µs", await inProcess.prediction())]
    case .comparison: return [("a comparison among 50,000, CPU µs", await inProcess.comparison())]
    case .start: return [("cold start to ready, ms", try await chain.start())]
    case .answers:
      let (rate, p99) = try await chain.calculations()
      return [
        ("calculations over HTTP, a second", rate), ("their 99th percentile, ms", p99),
        ("with token, limits, audit, a second", try await chain.guardedCalculations()),
      ]
    case .attack:
      let attacked = try await chain.attack()
      return [
        ("good callers' 99th percentile, ms", attacked.p99), ("memory under attack, MB", attacked.memory),
        ("strangers a second", attacked.rate),
      ]
    case .tokens:
      guard let file = chain.events else { throw BenchFailure("--only tokens needs --events FILE, the file of the tokens") }
      let worst = try await HostileTokens(file).worst()
      return [("hostile: \(worst.name), CPU µs", worst.measured)]
    case .traces:
      return try await TraceBench(chain: chain).measured().flatMap { sampling, traced in
        [
          ("a calculation, \(sampling.name), CPU µs", traced.request), ("an event, \(sampling.name), CPU µs", traced.event),
          ("spans that arrive, \(sampling.name)", traced.arrived),
        ]
      }
    case .kafka: return []
    case .replay:
      let replayed = try await chain.replay()
      return [
        ("a course replayed, events a second", replayed.rate), ("engine's CPU, µs an event", replayed.processorTime),
        ("engine's peak memory, MB", replayed.memory), ("queries by the sidecar, a second", replayed.queries),
      ]
    }
  }
}
