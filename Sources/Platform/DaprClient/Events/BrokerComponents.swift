/// The broker's components, all of them on the same brokers: one shared with the fleet, one for the engine's own work, and those of single
/// topics of events, and of topics in Avro.
///
/// A component hands out one bulk delivery at a time, so slow work on one must not hold up the others.
public struct BrokerComponents: Sendable, Hashable {
  /// The component for results and dead letters, and for events whose topics have no other.
  public let shared: String
  /// The component for the engine's own topics; equal to `shared` if there is only one.
  public let own: String
  /// The engine's own topics.
  public let ownTopics: Set<String>
  /// The components of event topics that do not use the shared one, by topic.
  public let eventTopics: [String: String]
  /// The topics whose messages are in Avro, and their component; nil if there are none.
  public let avro: AvroTopics?

  /// Creates the components, and says which topics use another than the shared one.
  public init(shared: String, own: String, ownTopics: Set<String>, eventTopics: [String: String] = [:], avro: AvroTopics? = nil) {
    self.shared = shared
    self.own = own
    self.ownTopics = ownTopics
    self.eventTopics = eventTopics
    self.avro = avro
  }

  /// Creates one component for all topics.
  public init(_ name: String) {
    self.init(shared: name, own: name, ownTopics: [])
  }

  /// The component that carries a topic's messages.
  public func component(of topic: String) -> String {
    if let avro, avro.topics.contains(topic) { return avro.component }
    return ownTopics.contains(topic) ? own : eventTopics[topic] ?? shared
  }

  /// Whether a topic's messages are in Avro.
  public func isAvro(_ topic: String) -> Bool { avro?.topics.contains(topic) ?? false }
}
