/// The broker's components: one that is shared with the fleet, and one for the engine's own work.
///
/// A component hands out one bulk delivery at a time, so what is slow on one must not hold up the other.
public struct BrokerComponents: Sendable, Hashable {
  /// The component of events, results and dead letters.
  public let shared: String
  /// The component of the engine's own topics; the same one where there is no other.
  public let own: String
  /// The topics that are the engine's own.
  public let ownTopics: Set<String>

  /// Two components, and what goes over the second.
  public init(shared: String, own: String, ownTopics: Set<String>) {
    self.shared = shared
    self.own = own
    self.ownTopics = ownTopics
  }

  /// One component for all topics.
  public init(_ name: String) {
    self.init(shared: name, own: name, ownTopics: [])
  }

  /// The component that a topic's messages go over.
  public func component(of topic: String) -> String { ownTopics.contains(topic) ? own : shared }
}
