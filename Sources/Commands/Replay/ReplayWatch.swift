internal import HTTPClient
internal import JSON
internal import MasteryCore
internal import MasteryService

/// Looks at broker and engine during a replay, four times a second at the most.
///
/// Where the sidecar counts what the broker holds, that decides. Else the processes of the engine are asked: each at its own address, or
/// through the sidecar, which asks any one of them.
actor ReplayWatch {
  /// Where counts come from.
  struct Source: Sendable {
    /// The sidecar, and what it wants as `dapr-api-token`.
    let sidecar: String
    let apiToken: String?
    let appID: String
    /// The addresses of the engine's replicas; empty asks through the sidecar.
    let engines: [String]
  }

  /// Milliseconds between two looks.
  static let pause = 250
  /// Milliseconds that one question may take.
  private static let deadline = 2_000

  private let source: Source
  private let ask: @Sendable (HTTPCall) async -> (status: Int, body: [UInt8])?
  private let runtime: Runtime
  private var ledger: EngineLedger
  /// Dead letters before the replay, where the broker counts them.
  private var deadLetters: Int?
  /// Whether the sidecar counts what the broker holds; nil until it has answered.
  private var isCountedByBroker: Bool?
  private var latest: ReplayLook?
  private var looked: Timestamp?

  /// A watch that begins now.
  ///
  /// - Parameters:
  ///   - source: Where counts come from.
  ///   - runtime: The clock and waiting.
  ///   - ask: Sends a question; nil when there is no answer.
  init(_ source: Source, runtime: Runtime, ask: @escaping @Sendable (HTTPCall) async -> (status: Int, body: [UInt8])?) {
    self.source = source
    self.runtime = runtime
    self.ask = ask
    ledger = EngineLedger(began: Double(runtime.now().milliseconds) / 1_000)
  }

  /// Looks at what was counted before the replay.
  func begin() async {
    deadLetters = await broker()?.deadLetters
    for (address, counts) in await engines() { ledger.open(counts, from: address) }
    looked = runtime.now()
  }

  /// Looks, once the last look is long enough ago.
  ///
  /// - Parameter published: The events that are published by now.
  /// - Returns: What it shows.
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

  /// The last look, where it is not older than the pause between two.
  func recent() -> ReplayLook? {
    guard let looked, runtime.now() < looked.adding(milliseconds: Int64(Self.pause)) else { return nil }
    return latest
  }

  /// A look at the end, with the reasons of refused events where the engine tells.
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

  /// What keeps the engine from its work, by what its replicas and the sidecar say of themselves.
  func hindrances() async -> [String] {
    var found: [String] = []
    for (address, path) in places("ready") {
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
    for (address, path) in places("metrics") {
      guard let answer = await get(path, isSidecars: address == source.sidecar), answer.status == 200 else { continue }
      if let counts = EngineCounts(answer.body) { found.append((address, counts)) }
    }
    return found
  }

  /// Where a path of the engine is asked for: at each replica, or through the sidecar.
  private func places(_ path: String) -> [(address: String, url: String)] {
    guard source.engines.isEmpty else { return source.engines.map { ($0, "\($0)/\(path)") } }
    return [(source.sidecar, "\(source.sidecar)/v1.0/invoke/\(source.appID)/method/\(path)")]
  }

  /// What an answer to `/ready` gives as reasons, or the words of another refusal.
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
