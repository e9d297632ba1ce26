internal import JSON

/// The app's subscription to a topic.
struct Subscription: Hashable, Sendable {
  /// A path for events of one type.
  struct Rule: Hashable, Sendable {
    /// The CEL expression, as the app gave it.
    var match: String
    var path: String

    /// The event type that `event.type == "…"` tests for; nil for any other expression.
    var type: String? {
      let parts = match.split(separator: "\"", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0].filter({ $0 != " " }) == "event.type==", parts[2].allSatisfy({ $0 == " " }) else { return nil }
      return String(parts[1])
    }
  }

  /// How many messages are delivered together.
  struct Bulk: Hashable, Sendable {
    var most = 100
    /// How long the first one waits for more, in milliseconds.
    var patience: Int64 = 1000
    /// A day: no message waits longer, whatever the app asks for.
    static let mostPatience: Int64 = 86_400_000
  }

  var pubsub: String
  var topic: String
  /// Where events go that match no rule.
  var path: String
  var rules: [Rule] = []
  var deadLetterTopic: String?
  var isRaw = false
  /// Whether messages are Avro, which is read before anybody gets them.
  var isAvro = false
  /// Nil for one message at a time.
  var bulk: Bulk?

  /// Whether every message can be handed out as it lies in the broker: as bytes, or to be read first.
  var takesAll: Bool { isRaw || isAvro }

  /// Reads the app's answer to `/dapr/subscribe`; nil if it is not a list.
  ///
  /// An entry with a `valueSchemaType` that the sidecar does not know is left out, since the component does not subscribe to it.
  static func list(_ body: [UInt8]) -> [Subscription]? {
    let read = try? JSONDocument.parse(body) { root -> [Subscription]? in
      root.kind == .array ? root.elements.compactMap { Subscription($0) } : nil
    }
    return read ?? nil
  }

  private init?(_ value: JSONValue) {
    guard let pubsub = value["pubsubname"]?.string, let topic = value["topic"]?.string else { return nil }
    self.pubsub = pubsub
    self.topic = topic
    let routes = value["routes"]?["rules"]
    for rule in (routes ?? value).elements {
      guard let match = rule["match"]?.string, let path = rule["path"]?.string else { continue }
      rules.append(Rule(match: match, path: path))
    }
    path = value["route"]?.string ?? value["routes"]?["default"]?.string ?? "/\(topic)"
    deadLetterTopic = value["deadLetterTopic"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    isRaw = value["metadata"]?["rawPayload"]?.text.map { $0 == "true" } ?? false
    switch Self.valueSchemaType(value["metadata"]) {
    case .none: break
    case .avro: isAvro = true
    case .unknown: return nil
    }
    if let bulk = value["bulkSubscribe"], bulk["enabled"]?.boolean ?? false {
      self.bulk = Bulk()
      if let most = bulk["maxMessagesCount"]?.integer, most > 0 { self.bulk?.most = Int(most) }
      if let patience = bulk["maxAwaitDurationMs"]?.integer, patience > 0 { self.bulk?.patience = min(patience, Bulk.mostPatience) }
    }
  }

  private static func valueSchemaType(_ metadata: JSONValue?) -> ValueSchemaType {
    guard let metadata else { return .none }
    for (name, value) in metadata.members where name.string.lowercased() == ValueSchemaType.name {
      return ValueSchemaType(value.string ?? "")
    }
    return .none
  }

  init(pubsub: String, topic: String, path: String, bulk: Bulk? = nil, deadLetterTopic: String? = nil) {
    self.pubsub = pubsub
    self.topic = topic
    self.path = path
    self.bulk = bulk
    self.deadLetterTopic = deadLetterTopic
  }
}
