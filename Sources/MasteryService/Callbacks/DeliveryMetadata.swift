internal import Encodings
internal import HTTPServer
internal import JSON
internal import MasteryCore

/// What is known of an event from outside of it: its envelopes and its place at the broker.
struct DeliveryMetadata: Hashable, Sendable {
  /// The CloudEvent's id, where it is the same at every delivery.
  var envelopeID: String?
  /// The CloudEvent's time.
  var envelopeTime: Timestamp?
  /// What stands in the CloudEvent's place for a time and is none, as JSON text.
  var unreadableTime: String?
  /// The id made of Kafka's topic, partition and offset.
  var brokerID: String?
  /// Kafka's own time of the message.
  var brokerTime: Timestamp?
  /// The topic that the message was published to, as far as the broker says; that of a dead letter is another than it comes over.
  var topic: String?
  /// The trace that the event is part of.
  var trace = EventTrace()

  /// Most bytes of a topic's name; Kafka allows 249.
  private static let longestTopic = 256

  /// When the event was given to the broker, as far as somebody said.
  var time: Timestamp? { envelopeTime ?? brokerTime }

  /// Whether the message comes out of a partition, behind those before it.
  var isOrdered: Bool { brokerID != nil }

  /// Reads what Kafka says of a message, from the metadata of a bulk entry.
  mutating func read(metadata: JSONValue) {
    trace.read(metadata)
    take(
      topic: metadata["__topic"]?.string, partition: metadata["__partition"]?.string, offset: metadata["__offset"]?.string,
      timestamp: metadata["__timestamp"]?.string)
  }

  /// Takes what Kafka says of a message.
  mutating func take(topic: String?, partition: String?, offset: String?, timestamp: String?) {
    self.topic = topic
    if let topic, let partition, let offset {
      brokerID = Self.eventID("kafka:\(topic):\(partition):\(offset)")
    }
    brokerTime = timestamp.flatMap { Int64($0) }.flatMap { Timestamp(exactly: $0) }
  }

  /// Reads a CloudEvent's own attributes; the innermost envelope is the publisher's and counts.
  ///
  /// Around a raw payload the sidecar puts an envelope at delivery (source `Dapr`, no time), with an id that is another at every
  /// delivery: such an id could never tell a redelivery from a new event.
  mutating func read(envelope: JSONValue) {
    trace.read(envelope)
    let stated = envelope["time"].flatMap { $0.isNull ? nil : $0 }
    if stated == nil, envelope["source"]?.text.map({ $0 == "Dapr" }) ?? true { return }
    envelopeID = envelope["id"]?.string.map(Self.eventID) ?? envelopeID
    if let stated { take(time: stated) }
    // A broker that does not say where a dead letter lay before has kept the envelope, which does.
    if topic == nil, let named = envelope["topic"]?.text, named.count <= Self.longestTopic { topic = named.string }
  }

  /// Another time must not stand in for one that was stated and cannot be read: whole histories would happen on one day.
  private mutating func take(time stated: JSONValue) {
    envelopeTime = EventTime.read(stated)
    unreadableTime = envelopeTime == nil ? JSONInvalid(field: "time", found: stated, constraint: "").value : nil
  }

  /// What can be no event's id itself becomes the name of one, so that events and dead letters have ids within bounds.
  private static func eventID(_ given: String) -> String {
    EventID(given) == nil ? Digest.uuid(named: given) : given
  }
}

extension DeliveryMetadata {
  /// Takes what Kafka says of a single event, from the head of its delivery.
  init(_ head: HTTPRequestHead) {
    take(
      topic: head.header("__topic"), partition: head.header("__partition"), offset: head.header("__offset"),
      timestamp: head.header("__timestamp"))
  }
}
