import Glibc
import HTTPClient
import JSON

/// A development sidecar as a process, whose calls and deliveries take a real sidecar's time, with its counters.
struct TimedSidecar {
  /// The sidecar's counters so far.
  struct Counts {
    var calls = 0.0
    var keysRead = 0.0
    var documentsSaved = 0.0
    var messagesPublished = 0.0
    var bytesPublished = 0.0
    var coreMilliseconds = 0.0
    /// Messages that wait, over all topics.
    var undelivered = 0.0
    /// Events that the app was given, and that are finished.
    var delivered = 0.0
    var done = 0.0
    /// Events that were given up.
    var deadLettered = 0.0

    /// The difference from an earlier count.
    func since(_ before: Counts) -> Counts {
      var counts = self
      counts.calls -= before.calls
      counts.keysRead -= before.keysRead
      counts.documentsSaved -= before.documentsSaved
      counts.messagesPublished -= before.messagesPublished
      counts.bytesPublished -= before.bytesPublished
      counts.coreMilliseconds -= before.coreMilliseconds
      return counts
    }
  }

  let port: UInt16
  private let process: ChildProcess
  private let components: KafkaComponents
  private let client: HTTPClient

  /// Starts one beside an app on a port.
  ///
  /// - Parameters:
  ///   - program: The program `mastery-engine`.
  ///   - port: Where the sidecar listens.
  ///   - appPort: Where the app listens.
  ///   - store: The store and its costs: `redis`, `encrypted-redis`, `postgres` or `sqlite`.
  ///   - layout: How topics are spread over components.
  ///   - client: The client for its calls.
  /// - Throws: `BenchFailure` if it does not start.
  init(
    _ program: String, port: UInt16, appPort: UInt16, store: KafkaBench.Store, layout: BrokerLayout, client: HTTPClient
  ) async throws(BenchFailure) {
    components = try KafkaComponents(store, layout)
    process = try ChildProcess(
      program,
      [
        "sidecar", "--port", "\(port)", "--app-port", "\(appPort)", "--components", components.folder, "--profile", store.profile,
        "--broker", "kafka", "--costs", store.rawValue,
      ])
    self.port = port
    self.client = client
    let end = LoadGenerator.now + 20_000_000
    while (try? await get("/v1.0/healthz/outbound")) == nil {
      guard LoadGenerator.now < end else { throw BenchFailure("the sidecar does not start: \(process.output)") }
      usleep(2_000)
    }
  }

  var address: String { "http://127.0.0.1:\(port)" }

  /// Ends it.
  func stop() throws(BenchFailure) { try process.stop() }

  /// Posts JSON to a path.
  ///
  /// - Throws: `BenchFailure` if it is refused.
  func post(_ path: String, _ body: [UInt8]) async throws(BenchFailure) {
    _ = try await send(HTTPCall("POST", address + path, headers: [("Content-Type", "application/json")], body: body, deadline: 60_000))
  }

  /// Its counters, of the events' topics and in all.
  ///
  /// - Throws: `BenchFailure` if it does not answer.
  func counts() async throws(BenchFailure) -> Counts {
    let body = try await get("/v1.0/metadata")
    let read = try? JSONDocument.parse(body) { (root) throws(Never) in
      let extended = root["extended"]
      func number(_ name: String) -> Double { extended?[named: name]?.string.flatMap { Double($0) } ?? 0 }
      func sum(_ name: String) -> Double { WaitingEvents.topics.reduce(0) { $0 + number("\($1).\(name)") } }
      return Counts(
        calls: number("calls"), keysRead: number("keysRead"), documentsSaved: number("documentsSaved"),
        messagesPublished: number("messagesPublished"), bytesPublished: number("bytesPublished"),
        coreMilliseconds: number("coreMilliseconds"), undelivered: number("undelivered"), delivered: sum("delivered"),
        done: sum("acknowledged") + sum("deadLettered") + sum("lost"), deadLettered: sum("deadLettered") + sum("lost"))
    }
    guard let read else { throw BenchFailure("the sidecar's metadata cannot be read") }
    return read
  }

  private func get(_ path: String) async throws(BenchFailure) -> [UInt8] {
    try await send(HTTPCall("GET", address + path, deadline: 10_000))
  }

  private func send(_ call: HTTPCall) async throws(BenchFailure) -> [UInt8] {
    guard let answer = try? await client.send(call), (200..<300).contains(answer.status) else {
      throw BenchFailure("\(call.url) does not answer")
    }
    return answer.body
  }
}
