internal import Encodings
internal import HTTPServer
internal import JSON
internal import MasteryCore

/// Metadata of an event from outside its content: its envelopes and its position at the broker.
struct DeliveryMetadata: Hashable, Sendable {
  /// The CloudEvent's id, if it is the same at every delivery.
  var envelopeID: String?
  /// The CloudEvent's time.
  var envelopeTime: Timestamp?
  /// The CloudEvent's time value as JSON text, if it cannot be read as a time.
  var unreadableTime: String?
  /// An id made from Kafka's topic, partition and offset.
  var brokerID: String?
  /// Kafka's own timestamp of the message; nil if the message has none.
  var brokerTime: Timestamp?
  /// The topic that the message was published to, if the broker says so; a dead letter's differs from the topic it is delivered on.
  var topic: String?
  /// The trace that the event is part of.
  var trace = EventTrace()

  /// Maximum bytes of a topic's name; Kafka allows 249.
  private static let longestTopic = 256

  /// When the event was published, if known.
  var time: Timestamp? { envelopeTime ?? brokerTime }

  /// When the event was published, if that may number a student's life; nil if it is unknown or cannot be true.
  ///
  /// Whoever publishes an event states its envelope's time, and a life numbered far ahead would stay above all lives that follow. So the
  /// time must not be more than a day after Kafka's, which another process sets. The clock alone is a looser bound, since it may itself
  /// be a year behind: without Kafka's time, a time within a year looks the same as a true one that is read by such a clock.
  func publishedAt(now: Timestamp) -> Timestamp? {
    let day: Int64 = 86_400_000
    let stated = envelopeTime.flatMap { time in brokerTime.map { time > $0.adding(milliseconds: day) } ?? false ? nil : time }
    return (stated ?? brokerTime).flatMap { $0 <= now.adding(milliseconds: 367 * day) ? $0 : nil }
  }

  /// Whether the message comes from a partition, in order.
  var isOrdered: Bool { brokerID != nil }

  /// Reads Kafka's metadata of a bulk entry.
  mutating func read(metadata: JSONValue) {
    trace.read(metadata)
    take(
      topic: metadata["__topic"]?.string, partition: metadata["__partition"]?.string, offset: metadata["__offset"]?.string,
      timestamp: metadata["__timestamp"]?.string)
  }

  /// Stores Kafka's metadata of a message.
  mutating func take(topic: String?, partition: String?, offset: String?, timestamp: String?) {
    self.topic = topic
    if let topic, let partition, let offset {
      brokerID = Self.eventID("kafka:\(topic):\(partition):\(offset)")
    }
    take(brokerTime: timestamp.flatMap { Int64($0) })
  }

  /// Stores Kafka's timestamp in milliseconds; for a message without one, Kafka reports a time long before any event.
  mutating func take(brokerTime milliseconds: Int64?) {
    brokerTime = EventTime.plausible(milliseconds.flatMap { Timestamp(exactly: $0) })
  }

  /// Reads a CloudEvent's own attributes; the innermost envelope is the publisher's and takes precedence.
  ///
  /// The sidecar wraps a raw payload at delivery in an envelope (source `Dapr`, no time) whose id differs at every delivery, so that id
  /// cannot tell a redelivery from a new event.
  mutating func read(envelope: JSONValue) {
    trace.read(envelope)
    let stated = envelope["time"].flatMap { $0.isNull ? nil : $0.single }
    if stated == nil, envelope["source"]?.single.text.map({ $0 == "Dapr" }) ?? true { return }
    envelopeID = envelope["id"]?.single.string.map(Self.eventID) ?? envelopeID
    if let stated { take(time: stated) }
    // A broker that does not report a dead letter's former topic has kept the envelope, which contains it.
    if topic == nil, let named = envelope["topic"]?.text, named.count <= Self.longestTopic { topic = named.string }
  }

  /// Another time must not replace a stated one that cannot be read: whole histories would end up on one day.
  private mutating func take(time stated: JSONValue) {
    envelopeTime = EventTime.read(stated)
    unreadableTime = envelopeTime == nil ? JSONInvalid(field: "time", found: stated, constraint: "").value : nil
  }

  /// A text that cannot be an event's id becomes the name of one, so that ids of events and dead letters stay within their limits.
  private static func eventID(_ given: String) -> String {
    EventID(given) == nil ? Digest.uuid(named: given) : given
  }
}

extension DeliveryMetadata {
  /// Reads Kafka's metadata of a single event from the head of its delivery.
  init(_ head: HTTPRequestHead) {
    take(
      topic: head.header("__topic"), partition: head.header("__partition"), offset: head.header("__offset"),
      timestamp: head.header("__timestamp"))
  }
}
