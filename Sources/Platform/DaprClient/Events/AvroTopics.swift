/// The topics whose messages are in Avro, on a component of their own that knows the schema registry.
///
/// The sidecar reads and writes the Avro: the client sends JSON and says in the request's query what it is to become.
public struct AvroTopics: Sendable, Hashable {
  /// The component.
  public let component: String
  /// The topics.
  public let topics: Set<String>

  /// Creates the topics of a component.
  public init(component: String, topics: Set<String>) {
    (self.component, self.topics) = (component, topics)
  }
}
