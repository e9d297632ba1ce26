/// An event to publish.
public struct OutgoingEvent: Sendable {
  /// The body: JSON, a whole CloudEvent, or what the content type says.
  public var body: [UInt8]
  /// `application/json`, `application/cloudevents+json`, or another.
  public var contentType: String
  /// Events of one key keep their order; nil leaves it to the broker.
  public var partitionKey: String?

  /// An event.
  public init(body: [UInt8], contentType: String, partitionKey: String?) {
    self.body = body
    self.contentType = contentType
    self.partitionKey = partitionKey
  }
}
