import Commands

/// How the event topics are spread over Kafka components.
enum BrokerLayout: String, CaseIterable {
  /// All event topics on one component, as `components/production` has them.
  case shared
  /// Each event topic on a component of its own, as `components/production/kafka-per-topic` has them.
  case perTopic = "per-topic"

  /// The layout that arguments name; nil if they name none.
  ///
  /// - Throws: `CommandFailure.wrongCall` if there is no such layout.
  init?(_ arguments: CallArguments) throws(CommandFailure) {
    guard let name = arguments.options["components"] else { return nil }
    guard let layout = Self(rawValue: name) else {
      throw .wrongCall("--components must be \(Self.allCases.map(\.rawValue).joined(separator: " or ")), got \"\(name)\"")
    }
    self = layout
  }

  /// The names of all components.
  var components: [String] { ["pubsub", "pubsub-own"] + (self == .shared ? [] : WaitingEvents.topics.map(component)) }

  /// The component of an event topic.
  func component(of topic: String) -> String {
    self == .shared ? "pubsub" : "pubsub-" + (topic.split(separator: ".").last ?? "")
  }

  /// The settings that name the components to the engine, with what `k8s/configmap.yaml` has beside them.
  var environment: [String] {
    let names = WaitingEvents.topics.map { "\($0)=\(component(of: $0))" }.joined(separator: ",")
    return ["OWN_PUBSUB_NAME=pubsub-own"] + (self == .shared ? [] : ["EVENT_PUBSUB_NAMES=\(names)", "EVENT_BATCH_WAIT=200"])
  }
}
