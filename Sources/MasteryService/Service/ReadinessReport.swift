internal import JSON

/// What `/ready` tells: whether the service can do its work, how its dependencies are, and what is wrong, in sentences.
struct ReadinessReport {
  /// How a dependency is.
  enum State: String {
    case up
    case down
    /// Nothing can be known of it, since the sidecar is down.
    case unknown
  }

  private(set) var dapr = State.up
  var store = State.unknown
  var pubsub = State.unknown
  /// What is wrong; empty where the service is ready.
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
    var json = JSONWriter()
    json.beginObject()
    json.key("status")
    json.string(isReady ? "ready" as StaticString : "not_ready")
    json.key("dependencies")
    json.beginObject()
    for (name, state) in [("dapr", dapr), ("state_store", store), ("pubsub", pubsub)] {
      json.key(named: name)
      json.string(state.rawValue)
    }
    json.endObject()
    if !isReady {
      json.key("reasons")
      json.beginArray()
      for reason in reasons { json.string(reason) }
      json.endArray()
    }
    json.endObject()
    return json.bytes
  }
}
