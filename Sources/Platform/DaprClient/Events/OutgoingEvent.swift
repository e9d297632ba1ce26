/// An event to publish.
public struct OutgoingEvent: Sendable {
  /// The body: JSON, a whole CloudEvent, or whatever the content type says.
  public var body: [UInt8]
  /// `application/json`, `application/cloudevents+json`, or another.
  public var contentType: String
  /// Events with the same key keep their order; nil leaves the partition to the broker.
  public var partitionKey: String?

  /// Creates an event.
  public init(body: [UInt8], contentType: String, partitionKey: String?) {
    self.body = body
    self.contentType = contentType
    self.partitionKey = partitionKey
  }
}
