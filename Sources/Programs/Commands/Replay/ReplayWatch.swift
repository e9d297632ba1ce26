internal import HTTPClient
internal import JSON
internal import MasteryCore
internal import MasteryService

/// Watches broker and engine during a replay, at most four times a second.
///
/// If the sidecar counts the broker's messages, those counts decide. Otherwise the engine's processes are asked: each at its own address,
/// or through the sidecar, which asks any one of them.
actor ReplayWatch {
  /// The source of counts.
  struct Source: Sendable {
    /// The sidecar's address, and its `dapr-api-token`.
    let sidecar: String
    let apiToken: String?
    let appID: String
    /// The addresses of the engine's replicas; if empty, the sidecar is used.
    let engines: [String]
  }

  /// Milliseconds between two looks.
  static let pause = 250
  /// Milliseconds that one query may take.
  private static let deadline = 2_000

  private let source: Source
  private let ask: @Sendable (HTTPCall) async -> (status: Int, body: [UInt8])?
  private let runtime: Runtime
  private var ledger: EngineLedger
  /// Number of dead letters before the replay, if the broker counts them.
  private var deadLetters: Int?
  /// Whether the sidecar counts the broker's messages; nil until it has answered.
  private var isCountedByBroker: Bool?
  private var latest: ReplayLook?
  private var looked: Timestamp?

  /// Creates a watch.
  ///
  /// - Parameters:
  ///   - source: The source of counts.
  ///   - runtime: The clock and sleeping.
  ///   - ask: Sends a query; nil if there is no answer.
  init(_ source: Source, runtime: Runtime, ask: @escaping @Sendable (HTTPCall) async -> (status: Int, body: [UInt8])?) {
    self.source = source
    self.runtime = runtime
    self.ask = ask
    ledger = EngineLedger(began: Double(runtime.now().milliseconds) / 1_000)
  }

  /// Records the counts before the replay.
  func begin() async {
    deadLetters = await broker()?.deadLetters
    for (address, counts) in await engines() { ledger.open(counts, from: address) }
    looked = runtime.now()
  }

  /// Takes a look, once the last look is long enough ago.
  ///
  /// - Parameter published: Number of events published so far.
  /// - Returns: The look.
  func look(published: Int) async -> ReplayLook {
    if let looked {
      let due = looked.adding(milliseconds: Int64(Self.pause))
      let now = runtime.now()
      if now < due { await runtime.sleep(milliseconds: Int(due.milliseconds - now.milliseconds)) }
    }
    looked = runtime.now()
    var look = ReplayLook(published: published)
    if let broker = await broker() {
      look.left = broker.undelivered
      look.postponed = broker.postponed
      look.refused = broker.deadLetters.map { $0 - (deadLetters ?? 0) }
    } else if isCountedByBroker != true {
      await noteEngines()
      guard !ledger.isEmpty else { return remember(look) }
      let sum = ledger.sum
      look.left = max(published - sum.workedOff, 0)
      look.isSure = ledger.isExact
      (look.retried, look.refused, look.reasons) = (sum.retried, sum.refused, sum.reasons)
    }
    return remember(look)
  }

  /// The last look, if it is not older than the pause between two.
  func recent() -> ReplayLook? {
    guard let looked, runtime.now() < looked.adding(milliseconds: Int64(Self.pause)) else { return nil }
    return latest
  }

  /// A final look, with the reasons of refused events if the engine reports them.
  func ending(published: Int) async -> ReplayLook {
    var look = await look(published: published)
    if isCountedByBroker == true {
      await noteEngines()
      let sum = ledger.sum
      if look.refused == nil, !ledger.isEmpty { look.refused = sum.refused }
      look.reasons = sum.reasons
    }
    return look
  }

  /// What prevents the engine from working, according to its replicas and the sidecar.
  func hindrances() async -> [String] {
    var found: [String] = []
    for (address, path) in endpoints("ready") {
      guard let answer = await get(path, isSidecars: address == source.sidecar) else {
        found.append("\(address) does not answer")
        continue
      }
      guard answer.status != 200 else { continue }
      let reasons = Self.reasons(answer.body)
      found.append(contentsOf: reasons.isEmpty ? ["\(address) answers \(answer.status)"] : reasons.map { "\(address): \($0)" })
    }
    return found
  }

  private func remember(_ look: ReplayLook) -> ReplayLook {
    latest = look
    return look
  }

  private func noteEngines() async {
    for (address, counts) in await engines() { ledger.note(counts, from: address) }
  }

  private func broker() async -> BrokerCounts? {
    guard isCountedByBroker != false else { return nil }
    guard let answer = await get("\(source.sidecar)/v1.0/metadata", isSidecars: true), answer.status == 200 else { return nil }
    let counts = BrokerCounts(answer.body)
    isCountedByBroker = counts != nil
    return counts
  }

  private func engines() async -> [(address: String, counts: EngineCounts)] {
    var found: [(address: String, counts: EngineCounts)] = []
    for (address, path) in endpoints("metrics") {
      guard let answer = await get(path, isSidecars: address == source.sidecar), answer.status == 200 else { continue }
      if let counts = EngineCounts(answer.body) { found.append((address, counts)) }
    }
    return found
  }

  /// The URLs of an engine path: at each replica, or through the sidecar.
  private func endpoints(_ path: String) -> [(address: String, url: String)] {
    guard source.engines.isEmpty else { return source.engines.map { ($0, "\($0)/\(path)") } }
    return [(source.sidecar, "\(source.sidecar)/v1.0/invoke/\(source.appID)/method/\(path)")]
  }

  /// The reasons in an answer of `/ready`, or the text of another refusal.
  private static func reasons(_ body: [UInt8]) -> [String] {
    let read = try? JSONDocument.parse(body) { root -> [String] in
      if let reasons = root["reasons"], reasons.kind == .array {
        var texts: [String] = []
        for reason in reasons.elements { if let text = reason.string { texts.append(text) } }
        return texts
      }
      return (root["error"]?["message"]?.string ?? root["message"]?.string).map { [$0] } ?? []
    }
    return read ?? []
  }

  private func get(_ url: String, isSidecars: Bool) async -> (status: Int, body: [UInt8])? {
    let token = isSidecars ? source.apiToken : nil
    let headers = token.map { [(name: "dapr-api-token", value: $0)] } ?? []
    return await ask(HTTPCall("GET", url, headers: headers, deadline: Self.deadline))
  }
}
