/// The broker's components: one shared with the fleet, and one for the engine's own work.
///
/// A component hands out one bulk delivery at a time, so slow work on one must not hold up the other.
public struct BrokerComponents: Sendable, Hashable {
  /// The component for events, results and dead letters.
  public let shared: String
  /// The component for the engine's own topics; equal to `shared` if there is only one.
  public let own: String
  /// The engine's own topics.
  public let ownTopics: Set<String>

  /// Creates a pair of components and the topics that use the second.
  public init(shared: String, own: String, ownTopics: Set<String>) {
    self.shared = shared
    self.own = own
    self.ownTopics = ownTopics
  }

  /// Creates one component for all topics.
  public init(_ name: String) {
    self.init(shared: name, own: name, ownTopics: [])
  }

  /// The component that carries a topic's messages.
  public func component(of topic: String) -> String { ownTopics.contains(topic) ? own : shared }
}
