internal import DaprClient
internal import JSON

/// What the sidecar is asked to deliver, how, and where to.
struct Subscriptions: Sendable {
  /// The routes of events begin so; the topic's name follows.
  static let routePrefix = "/events/"

  /// One topic that is delivered.
  struct Subscription: Hashable, Sendable {
    let row: TopicTable.Row
    /// The component that it is delivered over.
    let component: String

    var topic: String { row.topic }
    var batch: TopicTable.Batch? { row.batch }
  }

  /// All of them, those of events first.
  let all: [Subscription]

  /// What a configuration asks for.
  init(_ configuration: Configuration) {
    let broker = configuration.broker
    let batch = TopicTable.Batch(most: configuration.eventBatch, wait: configuration.eventBatchWait)
    let events = configuration.eventTopics.map { TopicTable.Row(topic: $0, consumer: .events, batch: batch) }
    all =
      (events + [TopicTable.deadLetters]).map { Subscription(row: $0, component: broker.shared) }
      + TopicTable.own.map { Subscription(row: $0, component: broker.own) }
  }

  /// The topic that a path is the route of.
  func topic(at path: Substring) -> TopicTable.Row? {
    guard path.hasPrefix(Self.routePrefix) else { return nil }
    let topic = path.dropFirst(Self.routePrefix.count)
    return all.first { $0.topic == topic }?.row
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
    if let deadLetterTopic = row.deadLetterTopic {
      json.key("deadLetterTopic")
      json.string(deadLetterTopic)
    }
    if row.isRaw {
      json.key("metadata")
      json.beginObject()
      json.key("rawPayload")
      json.string("true" as StaticString)
      json.endObject()
    }
    if let batch = row.batch {
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
