internal import HTTPClient
internal import JSON

/// How far the engine is with the events that were published, as its sidecar and its own counters tell.
struct EngineProgress: Sendable {
  /// What the engine has counted since it started.
  struct Counters: Hashable, Sendable {
    /// Events that need no more work.
    var workedOff = 0
    /// Those of them that were refused or set aside.
    var refused = 0
  }

  /// Milliseconds that one question may take.
  private static let deadline = 2_000

  let client: HTTPClient
  let endpoint: String
  let apiToken: String?
  let appID: String

  /// Events that wait for the engine or for its answer; nil where the sidecar does not count them, or is away.
  func undelivered() async -> Int? {
    guard let body = await get("/v1.0/metadata") else { return nil }
    return Self.undelivered(body)
  }

  /// The counters of the engine, asked through its sidecar; nil where it cannot be asked.
  func counters() async -> Counters? {
    await get("/v1.0/invoke/\(appID)/method/metrics").flatMap { Self.counters($0) }
  }

  /// How many of so many published events are not worked off; nil where neither sidecar nor engine tells.
  func left(of published: Int, since before: Counters) async -> Int? {
    if let undelivered = await undelivered() { return undelivered }
    return await counters().map { published - ($0.workedOff - before.workedOff) }
  }

  /// The events that the engine refused meanwhile; nil when it does not tell.
  func refused(since before: Counters) async -> Int? {
    // An engine that was started anew meanwhile counts from nothing.
    await counters().map { $0.refused >= before.refused ? $0.refused - before.refused : $0.refused }
  }

  /// Reads the sidecar's description of itself.
  static func undelivered(_ metadata: [UInt8]) -> Int? {
    try? JSONDocument.parse(metadata) { root -> Int? in
      guard let extended = root["extended"] else { return nil }
      let counts = ReplayTopic.allCases.compactMap { extended[named: "\($0.name).undelivered"]?.string.flatMap { Int($0) } }
      return counts.isEmpty ? extended["undelivered"]?.string.flatMap { Int($0) } : counts.reduce(0, +)
    }
  }

  /// Reads the counters of events out of a Prometheus text; nil where there are none.
  static func counters(_ metrics: [UInt8]) -> Counters? {
    var counters: Counters?
    for line in String(decoding: metrics, as: UTF8.self).split(separator: "\n") where line.hasPrefix("mastery_events_total{") {
      let parts = line.split(separator: "\"")
      guard parts.count == 3, let count = parts[2].split(separator: " ").last.flatMap({ Int($0) }) else { continue }
      var sum = counters ?? Counters()
      // What is to come again is not worked off.
      if parts[1] != "retried" { sum.workedOff += count }
      if parts[1] == "refused" || parts[1] == "poisoned" { sum.refused += count }
      counters = sum
    }
    return counters
  }

  private func get(_ path: String) async -> [UInt8]? {
    let headers = apiToken.map { [(name: "dapr-api-token", value: $0)] } ?? []
    let call = HTTPCall("GET", endpoint + path, headers: headers, deadline: Self.deadline)
    guard let answer = try? await client.send(call), answer.status == 200 else { return nil }
    return answer.body
  }
}
