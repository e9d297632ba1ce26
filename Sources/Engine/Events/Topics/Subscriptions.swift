internal import DaprClient
internal import JSON

/// The topics that the sidecar is asked to deliver, and their delivery options and routes.
struct Subscriptions: Sendable {
  /// The prefix of event routes, followed by the topic's name.
  static let routePrefix = "/events/"

  /// One subscribed topic.
  struct Subscription: Hashable, Sendable {
    let row: TopicTable.Row
    /// The component that delivers it.
    let component: String

    var topic: String { row.topic }
    var batch: TopicTable.Batch? { row.batch }
  }

  /// All subscriptions, events first.
  let all: [Subscription]

  /// Creates the subscriptions of a configuration.
  init(_ configuration: Configuration) {
    let broker = configuration.broker
    let batch = TopicTable.Batch(most: configuration.eventBatch, wait: configuration.eventBatchWait)
    let events = configuration.eventTopics.map { topic in
      // Singly: in bulk, one message that cannot be decoded holds up everything or takes a batch of good ones with it.
      broker.isAvro(topic)
        ? TopicTable.Row(topic: topic, consumer: .events, isAvro: true) : TopicTable.Row(topic: topic, consumer: .events, batch: batch)
    }
    all = (events + [TopicTable.deadLetters] + TopicTable.own).map {
      Subscription(row: $0, component: broker.component(of: $0.topic))
    }
  }

  /// The topic whose route is that path.
  func topic(at path: Substring) -> TopicTable.Row? {
    guard path.hasPrefix(Self.routePrefix) else { return nil }
    let topic = path.dropFirst(Self.routePrefix.count)
    return all.first { $0.topic == topic }?.row
  }

  /// The answer to `GET /dapr/subscribe`.
  var body: [UInt8] {
    JSONWriter.array { json in for subscription in all { subscription.write(to: &json) } }
  }
}

extension Subscriptions.Subscription {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("pubsubname", component)
      json.member("topic", topic)
      json.member("route", Subscriptions.routePrefix + topic)
      if let deadLetterTopic = row.deadLetterTopic { json.member("deadLetterTopic", deadLetterTopic) }
      if row.isRaw { json.object("metadata") { $0.member("rawPayload", "true" as StaticString) } }
      if row.isAvro { json.object("metadata") { $0.member("valueSchemaType", "Avro" as StaticString) } }
      if let batch = row.batch {
        json.object("bulkSubscribe") { json in
          json.member("enabled", true)
          json.member("maxMessagesCount", batch.most)
          json.member("maxAwaitDurationMs", batch.wait)
        }
      }
    }
  }
}
