internal import JSON
internal import Schemas

/// The content of `/ready`: whether the service can do its work, the state of its dependencies, and what is wrong, in sentences.
struct ReadinessReport {
  /// The state of a dependency.
  enum State: String, CaseIterable {
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

  /// Whether the service is ready, in a word.
  enum Status: String, CaseIterable {
    case ready
    case notReady = "not_ready"
  }

  /// The form of the answer.
  static let shape = ObjectShape<Self>("Readiness", "whether the service can do its work, and what is wrong if it cannot") {
    Member("status", .word, "whether it can") { $0.isReady ? Status.ready : .notReady }
    Member.optional("dependencies", dependencies.shape, "what it depends on; left out with scope=process") { $0 }
    Member.optional("reasons", Shape<String>.text().list(), "what is wrong, in sentences") { $0.isReady ? nil : $0.reasons }
  }

  private static let dependencies = ObjectShape<Self>("Dependencies", "the state of each dependency; unknown while the sidecar is down") {
    Member("dapr", .word, "the sidecar") { $0.dapr }
    Member("state_store", .word, "the state store") { $0.store }
    Member("pubsub", .word, "the brokers") { $0.pubsub }
  }

  /// The body of the answer.
  var body: [UInt8] { JSONWriter.object { Self.shape.writeMembers(of: self, to: &$0) } }
}
