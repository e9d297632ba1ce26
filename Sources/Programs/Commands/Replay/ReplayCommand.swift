internal import DaprClient
internal import Glibc
internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// `replay`: publishes a file of events through a sidecar, and optionally waits for the engine.
struct ReplayCommand: Command {
  static let usage = Usage(
    command: "replay",
    operands: ["FILE"],
    purpose: "Publishes a file of events, one JSON object a line, gzipped or not; - is standard input.",
    options: [
      .init("sidecar", "URL", "the sidecar to publish through (http://127.0.0.1:3500)"),
      .init("pubsub", "NAME", "the pub/sub component (pubsub)"),
      .init("app-id", "ID", "the engine's name, to ask for its counters (mastery-engine)"),
      .init("until", "DATE", "leaves out events later than that day, YYYY-MM-DD"),
      .init("shift-to-now", "moves all events by whole days, so that the last one happened yesterday"),
      .init("skip-refused", "publishes the rest where the service would refuse some lines; else nothing is published. The status is 1"),
      .init("batch", "N", "events published together, 1 to 5000 (2000)"),
      .init("wait", "waits until the engine has worked the events off, and tells how it went; the status is 1 when not all are in"),
      .init("engines", "URLS", "with --wait, where the engine's replicas listen, commas between them (asked through the sidecar)"),
      .init("ahead", "N", "with --wait, so many events may wait for the engine before more are published, 1 to 1000000 (10000)"),
    ])

  private let path: String
  private let endpoint: String
  private let pubsub: String
  private let appID: String
  private let until: Day?
  private let shiftsToNow: Bool
  private let skipsRefused: Bool
  private let batch: Int
  private let waits: Bool
  private let engines: [String]
  private let ahead: Int

  init(_ arguments: CallArguments) throws(CommandFailure) {
    path = arguments.operands.first ?? "-"
    endpoint = try arguments.address("sidecar") ?? "http://127.0.0.1:3500"
    pubsub = arguments.options["pubsub"] ?? "pubsub"
    appID = arguments.options["app-id"] ?? "mastery-engine"
    until = try arguments.day("until")
    shiftsToNow = arguments.isAsked("shift-to-now")
    skipsRefused = arguments.isAsked("skip-refused")
    batch = try arguments.number("batch", 1...5_000) ?? 2_000
    waits = arguments.isAsked("wait")
    engines = try arguments.addresses("engines") ?? []
    ahead = try arguments.number("ahead", 1...1_000_000) ?? 10_000
  }

  func run() async throws(CommandFailure) {
    let runtime = Runtime.system
    let file = try EventFile(path: path, readsTwice: true)
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let token = SystemEnvironment.value("DAPR_API_TOKEN")
    let sidecar = DaprClient(endpoint: endpoint, stateStore: "", broker: BrokerComponents(pubsub), apiToken: token, http: client)
    let publisher = BatchPublisher(sidecar: sidecar, runtime: runtime) { Terminal.complain($0) }
    let watch = ReplayWatch(
      .init(sidecar: endpoint, apiToken: token, appID: appID, engines: engines), runtime: runtime,
      ask: { call in
        guard let answer = try? await client.send(call) else { return nil }
        return (answer.status, answer.body)
      })
    let interruption = Interruption { "\(publisher.taken.count) events of \(path) are published" }
    defer { interruption.end() }
    if waits { await watch.begin() }
    let workedOff = WorkedOff(watch, runtime: runtime) { Terminal.complain($0) }

    let began = runtime.now()
    var progress = ProgressBar(size: file.size)
    let replay = Replay(
      until: until, shiftsToNow: shiftsToNow, skipsRefused: skipsRefused, batch: batch, backlog: waits ? (ahead, workedOff) : nil,
      publisher: publisher, runtime: runtime)
    let counts = try await replay.run(file, progress: &progress)
    for line in counts.refused.report { Terminal.complain("\(file.name): \(line)") }
    guard counts.refused.count == 0 || skipsRefused else {
      throw .incomplete(
        "\(file.name): the service would refuse \(counts.refused.count) lines, and nothing is published; --skip-refused publishes the rest")
    }
    let ending = waits ? await workedOff.waitForAll(published: counts.published) : nil
    let seconds = Double(runtime.now().milliseconds - began.milliseconds) / 1_000
    let last = waits ? await watch.ending(published: counts.published) : nil
    let summary = ReplaySummary(counts: counts, ending: ending, refused: last?.refused, reasons: last?.reasons ?? [:], seconds: seconds)
    Terminal.say(summary.text)
    if let shortcoming = summary.shortcoming { throw .incomplete("\(file.name): \(shortcoming)") }
  }
}

extension HTTPClient {
  /// Creates a client with the limits of a command.
  ///
  /// - Throws: `CommandFailure.unavailable` if it cannot start.
  static func forCommands() throws(CommandFailure) -> HTTPClient {
    do {
      return try HTTPClient()
    } catch {
      throw .unavailable("the HTTP client cannot start: \(error)")
    }
  }
}
