/// An announcement stored with the change it announces until it is confirmed as published.
public struct OutboxEntry: Hashable, Sendable {
  /// The announcement's event id.
  public let id: String
  /// The topic it goes to.
  public let topic: String
  /// The complete event as text.
  public let body: String

  /// Creates an entry in the form in which it is published.
  public init(id: String, topic: String, body: String) {
    self.id = id
    self.topic = topic
    self.body = body
  }
}
