internal import DaprClient
internal import JSON

/// What the sidecar is asked to deliver, how, and where to.
struct Subscriptions: Sendable {
  /// The routes of events begin so; the topic's name follows.
  static let routePrefix = "/events/"

  /// One topic that is delivered.
  struct Subscription: Hashable, Sendable {
    let topic: String
    /// The component that it is delivered over.
    let component: String
    /// Nil where messages come singly: a batch of a component holds up all its other batches, a single message nothing but its partition.
    var batch: Batch?
    /// Where messages go that the sidecar cannot deliver.
    var deadLetterTopic: String? = Topic.deadLetters
    /// Whether messages come as they lie at the broker, whatever they are.
    var isRaw = false
  }

  /// How many messages come together.
  struct Batch: Hashable, Sendable {
    /// Most messages of one delivery.
    let most: Int
    /// How long the sidecar gathers before it delivers what it has, in milliseconds.
    let wait: Int

    /// A shard of standings is written once for all messages that come together, so they gather for two seconds.
    static let standings = Batch(most: 1_000, wait: 2_000)
  }

  /// All of them, those of events first.
  let all: [Subscription]

  /// What a configuration asks for.
  init(_ configuration: Configuration) {
    let broker = configuration.broker
    let events = configuration.eventTopics.map {
      Subscription(
        topic: $0, component: broker.shared, batch: Batch(most: configuration.eventBatch, wait: configuration.eventBatchWait))
    }
    // What comes back from the dead letters would go round for ever; as it lies there, nothing that broke another subscription breaks
    // this one.
    let deadLetters = Subscription(topic: Topic.deadLetters, component: broker.shared, deadLetterTopic: nil, isRaw: true)
    let own = Topic.own.map { Subscription(topic: $0, component: broker.own, batch: $0 == Topic.standings ? .standings : nil) }
    all = events + [deadLetters] + own
  }

  /// The topic that a path is the route of.
  func topic(at path: Substring) -> String? {
    guard path.hasPrefix(Self.routePrefix) else { return nil }
    let topic = path.dropFirst(Self.routePrefix.count)
    return all.first { $0.topic == topic }?.topic
  }

  /// The answer to `GET /dapr/subscribe`.
  var body: [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for subscription in all { subscription.write(to: &json) }
    json.endArray()
    return json.bytes
  }
}

extension Subscriptions.Subscription {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("pubsubname")
    json.string(component)
    json.key("topic")
    json.string(topic)
    json.key("route")
    json.string(Subscriptions.routePrefix + topic)
    if let deadLetterTopic {
      json.key("deadLetterTopic")
      json.string(deadLetterTopic)
    }
    if isRaw {
      json.key("metadata")
      json.beginObject()
      json.key("rawPayload")
      json.string("true" as StaticString)
      json.endObject()
    }
    if let batch {
      json.key("bulkSubscribe")
      json.beginObject()
      json.key("enabled")
      json.boolean(true)
      json.key("maxMessagesCount")
      json.integer(batch.most)
      json.key("maxAwaitDurationMs")
      json.integer(batch.wait)
      json.endObject()
    }
    json.endObject()
  }
}
