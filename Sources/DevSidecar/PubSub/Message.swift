/// A published message on its way to its subscriber.
struct Message: Hashable, Sendable {
  /// Where a message was published, in Kafka's terms; a dead letter keeps where it came from.
  struct Position: Hashable, Sendable {
    var topic: String
    var partition: Int
    var offset: Int64
    /// Milliseconds since 1970.
    var time: Int64
  }

  /// A piece of the publisher's metadata.
  struct Field: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// Counts up with each message of this sidecar.
  var id: Int64 = 0
  /// A CloudEvent's JSON text, or whatever was published raw.
  var body: [UInt8]
  /// Whether the body is a CloudEvent.
  var isEvent: Bool
  /// The partition key; messages of one key stay in order.
  var key: String?
  /// The rest of the publisher's metadata.
  var fields: [Field] = []
  var position = Position(topic: "", partition: 0, offset: 0, time: 0)
  /// The partition that it lies in now.
  var partition = 0
  /// When it came to lie there, in milliseconds on the steady clock.
  var arrived: Int64 = 0

  /// What it takes in memory, about.
  var size: Int { body.count + 256 }
}
