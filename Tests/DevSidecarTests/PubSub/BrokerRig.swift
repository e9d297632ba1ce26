import Testing

@testable import DevSidecar

/// A broker as a value, with what its tests need.
struct BrokerRig {
  var broker: Broker

  static func component(_ name: String = "pubsub", _ change: (inout PubSubComponent) -> Void = { _ in }) -> PubSubComponent {
    var component = PubSubComponent(name: name)
    component.partitions = 1
    change(&component)
    return component
  }

  static func bulk(
    _ topic: String, on pubsub: String = "pubsub", most: Int = 3, patience: Int64 = 100, dead: String? = nil
  ) -> Subscription {
    Subscription(
      pubsub: pubsub, topic: topic, path: "/\(topic)", bulk: Subscription.Bulk(most: most, patience: patience), deadLetterTopic: dead)
  }

  static func single(_ topic: String, on pubsub: String = "pubsub", dead: String? = nil, isRaw: Bool = false) -> Subscription {
    var subscription = Subscription(pubsub: pubsub, topic: topic, path: "/\(topic)", deadLetterTopic: dead)
    subscription.isRaw = isRaw
    return subscription
  }

  init(_ subscriptions: [Subscription], _ components: [PubSubComponent] = [component()], retry: RetryPolicy? = nil, seed: UInt64 = 1) {
    broker = Broker(components.map { ($0, retry) }, random: RandomBits(seed: seed))
    _ = broker.subscribe(subscriptions, now: 0)
  }

  mutating func publish(
    _ texts: [String], to topic: String = "t", on pubsub: String = "pubsub", key: String? = "k", at now: Int64 = 0, isEvent: Bool = true
  ) {
    let messages = texts.map { Message(body: Array($0.utf8), isEvent: isEvent, key: key) }
    guard let accepted = broker.accept(messages, to: topic, from: pubsub, wall: now) else {
      Issue.record("no room")
      return
    }
    broker.enqueue(accepted, now: now)
  }

  mutating func take(at now: Int64) -> [Batch] { broker.take(now: now) }

  /// The one batch that is due.
  mutating func one(at now: Int64, _ location: SourceLocation = #_sourceLocation) throws -> Batch {
    let batches = broker.take(now: now)
    #expect(batches.count == 1, sourceLocation: location)
    return try #require(batches.first, sourceLocation: location)
  }

  mutating func expectNothing(at now: Int64, _ location: SourceLocation = #_sourceLocation) {
    let batches = broker.take(now: now)
    #expect(batches.isEmpty, sourceLocation: location)
  }

  @discardableResult
  mutating func settle(_ batch: Batch, _ fate: Fate = .taken, at now: Int64) -> Settlement {
    broker.settle(batch, .answered(Array(repeating: fate, count: batch.entries.count)), now: now)
  }

  static func texts(_ batch: Batch?) -> [String] {
    (batch?.entries ?? []).map { String(decoding: $0.message.body, as: UTF8.self) }
  }
}
