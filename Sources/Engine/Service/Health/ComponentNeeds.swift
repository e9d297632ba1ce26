internal import DaprClient

/// What the engine needs of the sidecar's components, held against what the sidecar says of itself.
struct ComponentNeeds: Sendable {
  /// The name of the state store component.
  let stateStore: String
  /// The names of the pub/sub components, in order.
  let brokers: [String]
  private let broker: BrokerComponents
  private let subscriptions: [Subscriptions.Subscription]

  /// The needs of a configuration with its subscriptions.
  init(_ configuration: Configuration, _ subscriptions: Subscriptions) {
    stateStore = configuration.stateStore
    self.subscriptions = subscriptions.all
    broker = configuration.broker
    let avro = broker.avro.map { [$0.component] } ?? []
    brokers = Set([broker.shared, broker.own] + avro + subscriptions.all.map(\.component)).sorted()
  }

  /// All that can be wrong, for metrics.
  var possible: [ComponentLabels] {
    ComponentProblem.ofStore.map { ComponentLabels(component: stateStore, problem: $0) }
      + brokers.flatMap { broker in ComponentProblem.ofBroker.map { ComponentLabels(component: broker, problem: $0) } }
  }

  /// What is wrong, as far as the sidecar tells.
  func findings(in metadata: SidecarMetadata) -> [ComponentFinding] {
    let types = Dictionary(metadata.components.map { ($0.name, $0) }) { first, _ in first }
    return storeFindings(types[stateStore]) + brokers.flatMap { brokerFindings($0, types[$0], metadata) } + strayFindings(types)
  }

  private func storeFindings(_ store: SidecarMetadata.Component?) -> [ComponentFinding] {
    guard let store, store.type.hasPrefix("state.") else { return [Self.absent(stateStore, store, kind: "a state store")] }
    var findings: [ComponentFinding] = []
    if !store.capabilities.contains("ETAG") {
      let reason = "component \(store.name) has no ETags: replicas overwrite what others have saved"
      findings.append(ComponentFinding(store.name, .noETag, reason))
    }
    if !store.capabilities.contains("TTL") {
      let reason = "component \(store.name) gives values no time to live: nothing is deleted when its retention is over"
      findings.append(ComponentFinding(store.name, .noTTL, reason))
    }
    return findings
  }

  private func brokerFindings(
    _ name: String, _ component: SidecarMetadata.Component?, _ metadata: SidecarMetadata
  ) -> [ComponentFinding] {
    guard let component, component.type.hasPrefix("pubsub.") else { return [Self.absent(name, component, kind: "a pub/sub component")] }
    var findings: [ComponentFinding] = []
    let wanted = subscriptions.filter { $0.component == name }
    let found = metadata.subscriptions.filter { $0.component == name }
    let missing = wanted.filter { row in !found.contains { $0.topic == row.topic } }.map(\.topic)
    if !missing.isEmpty {
      let reason = "component \(name) delivers nothing of \(missing.joined(separator: ", ")): the sidecar has not subscribed to them"
      findings.append(ComponentFinding(name, .noSubscription, reason))
    }
    let bare = wanted.filter { row in
      row.row.deadLetterTopic != nil && found.contains { $0.topic == row.topic && $0.deadLetterTopic == nil }
    }.map(\.topic)
    if !bare.isEmpty {
      let reason =
        "component \(name) is subscribed to \(bare.joined(separator: ", ")) without a dead letter topic: "
        + "what cannot be delivered is lost or holds up what is behind it"
      findings.append(ComponentFinding(name, .noDeadLetterTopic, reason))
    }
    if metadata.resiliencies?.isEmpty == true, !wanted.isEmpty {
      let reason = "component \(name) has no resiliency policy: \(Self.untried(component.type))"
      findings.append(ComponentFinding(name, .noPolicy, reason))
    }
    return findings
  }

  /// Components of event topics or topics in Avro that cannot be on the brokers of the shared one, where their dead letters are read.
  private func strayFindings(_ types: [String: SidecarMetadata.Component]) -> [ComponentFinding] {
    if let name = broker.avro?.component, let component = types[name], component.type != "pubsub.kafka" {
      let reason = "component \(name) must be pubsub.kafka, the only kind that reads and writes Avro, got \(component.type)"
      return [ComponentFinding(name, .wrongKind, reason)]
    }
    guard let shared = types[broker.shared], shared.type.hasPrefix("pubsub.") else { return [] }
    let others = Array(broker.eventTopics.values) + (broker.avro.map { [$0.component] } ?? [])
    return Set(others).sorted().compactMap { types[$0] }.filter { component in
      component.type.hasPrefix("pubsub.") && component.type != shared.type
    }.map { component in
      let reason = "component \(component.name) must be on the brokers of \(shared.name), \(shared.type), got \(component.type)"
      return ComponentFinding(component.name, .wrongKind, reason)
    }
  }

  private static func absent(_ name: String, _ component: SidecarMetadata.Component?, kind: String) -> ComponentFinding {
    guard let component else {
      let reason =
        "component \(name) is missing: its file is not there, cannot be read or is not meant for this app, or the sidecar could not set it up"
      return ComponentFinding(name, .missing, reason)
    }
    return ComponentFinding(name, .wrongKind, "component \(name) must be \(kind), got \(component.type)")
  }

  /// What becomes of a delivery that is answered `RETRY` without an inbound policy, by type of broker.
  static func untried(_ type: String) -> String {
    let dead = "an event that is to come again becomes a dead letter at once, and a dead letter that is to come again"
    switch type {
    case "pubsub.kafka": return "\(dead) holds up its partition"
    case "pubsub.redis", "pubsub.in-memory": return "\(dead) is lost"
    default: return "\(dead) is lost unless the broker itself delivers it again"
    }
  }
}
