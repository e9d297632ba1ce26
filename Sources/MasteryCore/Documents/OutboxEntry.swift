/// An announcement that is stored with the change it announces, until it was seen published.
public struct OutboxEntry: Hashable, Sendable {
  /// The announcement's event id.
  public let id: String
  /// The topic it goes to.
  public let topic: String
  /// The complete event as text.
  public let body: String

  /// Holds an announcement as it will be published.
  public init(id: String, topic: String, body: String) {
    self.id = id
    self.topic = topic
    self.body = body
  }
}
