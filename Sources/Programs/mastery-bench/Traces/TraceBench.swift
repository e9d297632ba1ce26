import Glibc
import HTTPServer

/// What traces cost the built program, beside a development sidecar and a collector that takes them all.
struct TraceBench {
  let chain: Chain

  /// What of the work is sampled.
  enum Sampling: CaseIterable {
    case nothing, hundredth, everything

    /// The words of a table.
    var name: String {
      switch self {
      case .nothing: "none sampled"
      case .hundredth: "1 % sampled"
      case .everything: "all sampled"
      }
    }

    /// The trace parent of a piece of work.
    func traceparent(_ number: Int) -> String {
      let isSampled =
        switch self {
        case .nothing: false
        case .hundredth: number % 100 == 0
        case .everything: true
        }
      let digits = String(number + 1, radix: 16)
      let id = String(repeating: "0", count: 16 - digits.count) + digits
      return "00-\(id)\(id)-\(id)-0\(isSampled ? 1 : 0)"
    }
  }

  /// The cost of traces.
  struct Traced {
    /// The engine's processor time for a calculation by `/process`, in microseconds; the floor is that without a collector.
    let request: Measured
    /// The same for an event in deliveries of 300.
    let event: Measured
    /// Spans that the collector got, of those that were made; the floor is 1.
    let arrived: Measured
  }

  /// What traces cost, by what is sampled, each beside the same work by an engine that has no collector.
  func measured() async throws(BenchFailure) -> [(Sampling, Traced)] {
    var traced: [(Sampling, Traced)] = []
    for sampling in Sampling.allCases {
      // The same trace parents in both, so that only the collector differs.
      let floor = try await work(sampling, collector: nil)
      let collector = Collector()
      let door: HTTPServer
      do {
        door = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: collector)
      } catch {
        throw BenchFailure("no port is free for a collector")
      }
      let made = try await work(sampling, collector: door.port)
      await door.stop(within: .seconds(5))
      let spans = Double(collector.spans)
      traced.append(
        (
          sampling,
          Traced(
            request: Measured(figure: made.request, floor: floor.request), event: Measured(figure: made.event, floor: floor.event),
            arrived: Measured(figure: made.dropped + spans == 0 ? 1 : spans / (made.dropped + spans), floor: 1))
        ))
    }
    return traced
  }

  private typealias Work = (request: Double, event: Double, dropped: Double)

  /// The engine's processor time for each request and each event, in microseconds, and the spans that it dropped.
  private func work(_ sampling: Sampling, collector: UInt16?) async throws(BenchFailure) -> Work {
    let sidecar = try await chain.sidecar()
    let engine = try await chain.engine(and: collector.map { ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:\($0)"] } ?? [])
    var asked = 0
    let request = try cost(engine) { () throws(BenchFailure) -> Int in
      let before = asked
      _ = try LoadGenerator(port: Chain.enginePort) { _ in
        asked += 1
        return LoadGenerator.request("POST", "/process", body: Chain.calculation, more: "traceparent: \(sampling.traceparent(asked))")
      }.run(connections: 4, milliseconds: 3_000)
      return asked - before
    }
    var delivered = 0
    let event = try cost(engine) { () throws(BenchFailure) -> Int in
      let before = delivered
      _ = try LoadGenerator(port: Chain.enginePort) { _ in
        defer { delivered += 1 }
        let first = delivered * Deliveries.size
        let body = Deliveries.body(delivered) { sampling.traceparent(first + $0) }
        return LoadGenerator.request("POST", "/events/learning.quiz", body: String(decoding: body, as: UTF8.self))
      }.run(connections: 1, milliseconds: 3_000)
      return (delivered - before) * Deliveries.size
    }
    let metrics = String(decoding: try await chain.metrics(), as: UTF8.self).split(separator: "\n")
    let dropped = metrics.first { $0.hasPrefix("mastery_spans_dropped_total ") }?.split(separator: " ").last.flatMap { Double($0) }
    try engine.stop()
    try sidecar.stop()
    return (request, event, dropped ?? 0)
  }

  /// The processor time of a process for each piece of some work, in microseconds.
  private func cost(_ process: ChildProcess, _ work: () throws(BenchFailure) -> Int) throws(BenchFailure) -> Double {
    let before = process.processorTime
    let count = try work()
    return Double(process.processorTime - before) / Double(max(1, count))
  }
}
