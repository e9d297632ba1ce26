internal import JSON

/// What the sidecar is asked to deliver, and where to.
struct Subscriptions: Sendable {
  /// The routes of events begin so; the topic's name follows.
  static let routePrefix = "/events/"

  /// How many messages come together.
  private struct Batch {
    /// Most messages of one delivery.
    let most: Int
    /// How long the sidecar may wait for more before it delivers what it has, in milliseconds.
    let wait: Int

    static let events = Batch(most: 180, wait: 50)
    /// A shard is written once for all results that come together, so they wait longer; a thousand of them are 2 MB, of which several
    /// deliveries at a time would take more memory than all else.
    static let results = Batch(most: 250, wait: 500)
    static let chunks = Batch(most: 20, wait: 10)

    /// The batch of a topic.
    static func of(_ topic: String) -> Batch {
      if topic == Topic.results { return .results }
      return BatchJob.Priority(topic: topic) == nil ? .events : .chunks
    }
  }

  let pubsub: String
  /// The topics whose events are folded (the configured ones, and the one for replayed dead letters), then the engine's own.
  let topics: [String]

  init(pubsub: String, eventTopics: [String]) {
    self.pubsub = pubsub
    topics =
      eventTopics + [Topic.retry, Topic.deadLetters, Topic.erasures, Topic.results] + BatchJob.Priority.allCases.map(\.topic)
  }

  /// The topic that a path is the route of.
  func topic(at path: Substring) -> String? {
    guard path.hasPrefix(Self.routePrefix) else { return nil }
    let topic = path.dropFirst(Self.routePrefix.count)
    return topics.first { $0 == topic }
  }

  /// The answer to `GET /dapr/subscribe`.
  var body: [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for topic in topics {
      let batch = Batch.of(topic)
      json.beginObject()
      json.key("pubsubname")
      json.string(pubsub)
      json.key("topic")
      json.string(topic)
      json.key("route")
      json.string(Self.routePrefix + topic)
      // What comes back from the dead letters would go round for ever, and an erasure must never be given up.
      if topic != Topic.deadLetters, topic != Topic.erasures {
        json.key("deadLetterTopic")
        json.string(Topic.deadLetters)
      }
      json.key("bulkSubscribe")
      json.beginObject()
      json.key("enabled")
      json.boolean(true)
      json.key("maxMessagesCount")
      json.integer(batch.most)
      json.key("maxAwaitDurationMs")
      json.integer(batch.wait)
      json.endObject()
      json.endObject()
    }
    json.endArray()
    return json.bytes
  }
}
