internal import JSON

/// The content of `/ready`: whether the service can do its work, the state of its dependencies, and what is wrong, in sentences.
struct ReadinessReport {
  /// The state of a dependency.
  enum State: String {
    case up
    case down
    /// The state is unknown because the sidecar is down.
    case unknown
  }

  private(set) var dapr = State.up
  var store = State.unknown
  var pubsub = State.unknown
  /// The problems in words; empty if the service is ready.
  private(set) var reasons: [String] = []

  /// Whether the service can do its work.
  var isReady: Bool { reasons.isEmpty }

  mutating func fail(_ reason: String) { reasons.append(reason) }

  mutating func sidecarFails(_ reason: String) {
    dapr = .down
    reasons.append(reason)
  }

  mutating func storeFails(_ reason: String) {
    store = .down
    reasons.append(reason)
  }

  mutating func pubsubFails(_ reason: String) {
    pubsub = .down
    reasons.append(reason)
  }

  /// The body of the answer.
  var body: [UInt8] {
    JSONWriter.object { json in
      json.member("status", isReady ? "ready" as StaticString : "not_ready")
      json.object("dependencies") { json in
        for (name, state) in [("dapr", dapr), ("state_store", store), ("pubsub", pubsub)] { json.member(named: name, state.rawValue) }
      }
      if !isReady { json.array("reasons", of: reasons) }
    }
  }
}
