internal import JSON

/// What the sidecar is asked to deliver, and where to.
struct Subscriptions: Sendable {
  /// The routes of events begin so; the topic's name follows.
  static let routePrefix = "/events/"
  /// Most events of one delivery.
  private static let batch = 180
  /// How long the sidecar may wait for more events before it delivers what it has, in milliseconds.
  private static let wait = 50

  let pubsub: String
  /// The topics whose events are folded (the configured ones, and the one for replayed dead letters), then the engine's own.
  let topics: [String]

  init(pubsub: String, eventTopics: [String]) {
    self.pubsub = pubsub
    topics = eventTopics + [Topic.retry, Topic.deadLetters, Topic.erasures]
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
      json.integer(Self.batch)
      json.key("maxAwaitDurationMs")
      json.integer(Self.wait)
      json.endObject()
      json.endObject()
    }
    json.endArray()
    return json.bytes
  }
}
