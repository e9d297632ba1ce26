import Testing

@testable import DevSidecar

/// The broker as a value.
@Suite("Broker")
struct BrokerTests {
  private static let bulk = Subscription(
    pubsub: "pubsub", topic: "t", path: "/t", bulk: Subscription.Bulk(most: 3, patience: 100), deadLetterTopic: "dead")
  private static let dead = Subscription(pubsub: "pubsub", topic: "dead", path: "/dead")

  private func broker(
    retry: RetryPolicy? = nil, partitions: Int = 1, capacity: Int = 1 << 20, _ subscriptions: [Subscription] = [bulk, dead]
  ) -> Broker {
    var component = PubSubComponent(name: "pubsub")
    component.partitions = partitions
    component.capacity = capacity
    var broker = Broker(component, retry: retry, random: RandomBits(seed: 1))
    _ = broker.subscribe(subscriptions, now: 0)
    return broker
  }

  private func publish(_ texts: [String], _ broker: inout Broker, key: String? = "k", at now: Int64 = 0) {
    let messages = texts.map { Message(body: Array($0.utf8), isEvent: true, key: key) }
    guard let accepted = broker.accept(messages, to: "t", wall: now) else {
      Issue.record("no room")
      return
    }
    broker.enqueue(accepted, to: "t", now: now)
  }

  /// The one batch that is due.
  private func first(_ broker: inout Broker, at now: Int64) throws -> Batch {
    let batches = broker.take(now: now)
    return try #require(batches.first)
  }

  private func expectNothing(_ broker: inout Broker, at now: Int64) {
    let batches = broker.take(now: now)
    #expect(batches.isEmpty)
  }

  private func settleFirst(_ broker: inout Broker, _ fates: [Fate]) {
    for batch in broker.take(now: 100) { _ = broker.settle(batch, .answered(fates), now: 100) }
  }

  private func texts(_ batch: Batch?) -> [String] {
    (batch?.entries ?? []).map { String(decoding: $0.message.body, as: UTF8.self) }
  }

  @Test("a batch goes when it is full, or when its first message has waited long enough")
  func batching() throws {
    var broker = broker()
    publish(["a", "b"], &broker, at: 10)
    expectNothing(&broker, at: 109)
    #expect(broker.nextDue == 110)
    publish(["c", "d"], &broker, at: 50)
    let first = broker.take(now: 50)
    #expect(texts(first.first) == ["a", "b", "c"])
    expectNothing(&broker, at: 500)  // One batch of a partition at a time.
    _ = broker.settle(first[0], .answered([.taken, .taken, .taken]), now: 60)
    #expect(broker.nextDue == 150)
    let second = try self.first(&broker, at: 150)
    #expect(texts(second) == ["d"])
  }

  @Test("what failed comes again alone, with its number, before anything else of the partition")
  func again() throws {
    var broker = broker(retry: RetryPolicy(kind: .constant, pause: 20, most: 3))
    publish(["a", "b", "c", "d", "e", "f"], &broker)
    let batch = try first(&broker, at: 0)
    #expect(broker.settle(batch, .answered([.taken, .again, .taken]), now: 5).ended == [1, 3])
    expectNothing(&broker, at: 24)
    let second = try first(&broker, at: 25)
    #expect(texts(second) == ["b"])
    #expect(second.entries.map(\.number) == [1])
    #expect(second.id == batch.id)
    _ = broker.settle(second, .answered([.taken]), now: 25)
    let third = try first(&broker, at: 25)
    #expect(texts(third) == ["d", "e", "f"])
  }

  @Test("after the last retry a message goes to the dead letter topic, as it was published")
  func deadLetters() throws {
    var broker = broker(retry: RetryPolicy(kind: .constant, pause: 1, most: 2))
    publish(["a"], &broker)
    for now in [Int64(100), 101, 102] {
      let batch = try first(&broker, at: now)
      #expect(broker.statistics["t"]?.deadLettered == 0)
      let settlement = broker.settle(batch, .answered([.again]), now: now)
      #expect(settlement.movedTo == (now == 102 ? "dead" : nil))
      #expect(settlement.ended == (now == 102 ? [1] : []))
    }
    let letter = try first(&broker, at: 102)
    #expect(letter.subscription.topic == "dead")
    #expect(texts(letter) == ["a"])
    #expect(letter.entries[0].message.position.topic == "t")
  }

  @Test("without a policy a failure goes to the dead letters at once, and is lost where there are none")
  func noPolicy() {
    var broker = broker()
    publish(["a"], &broker)
    settleFirst(&broker, [.again])
    #expect(broker.statistics["t"]?.deadLettered == 1)
    settleFirst(&broker, [.again])
    #expect(broker.statistics["dead"]?.lost == 1)
    #expect(broker.undelivered == 0)
    #expect(broker.bytes == 0)
  }

  @Test("while the app is away nothing is tried, and when it is back nothing waits")
  func away() throws {
    var broker = broker(retry: RetryPolicy(kind: .constant, pause: 10_000, most: 1))
    publish(["a"], &broker)
    let batch = try first(&broker, at: 100)
    _ = broker.settle(batch, .unreachable, now: 100)
    expectNothing(&broker, at: 1_000_000)
    #expect(broker.nextDue == nil)
    _ = broker.subscribe([Self.bulk, Self.dead], now: 200)
    let again = try first(&broker, at: 200)
    #expect(again.tries == 0, "an app that is away is no try")
    _ = broker.settle(again, .answered([.again]), now: 200)
    _ = broker.subscribe([Self.bulk, Self.dead], now: 300)
    let back = broker.take(now: 300)
    #expect(back.count == 1, "a pause ends when the app comes back")
  }

  @Test("what does not fit is refused, and fits again when there is room")
  func capacity() {
    var broker = broker(capacity: 600)
    publish(["a", "b"], &broker)
    let message = [Message(body: [97], isEvent: true)]
    let refused = broker.accept(message, to: "t", wall: 0)
    #expect(refused == nil)
    settleFirst(&broker, [.taken, .taken])
    let accepted = broker.accept(message, to: "t", wall: 0)
    #expect(accepted != nil)
  }

  @Test("a message over a million bytes is refused, wanted or not")
  func messageLimit() {
    var broker = broker(capacity: 1 << 30)
    for topic in ["t", "nobody's"] {
      let largest = broker.accept([Message(body: Array(repeating: 32, count: 1_000_000), isEvent: true)], to: topic, wall: 0)
      #expect(largest != nil)
      let larger = broker.accept([Message(body: Array(repeating: 32, count: 1_000_001), isEvent: true)], to: topic, wall: 0)
      #expect(larger == nil)
    }
  }

  @Test("before the app has spoken all is kept, after it what nobody wants is let go")
  func unknownSubscriptions() {
    var broker = Broker(PubSubComponent(name: "pubsub"), retry: nil, random: RandomBits(seed: 1))
    publish(["a", "b"], &broker)
    #expect(broker.undelivered == 2)
    let ended = broker.subscribe([Self.dead], now: 0)
    #expect(ended.map(\.topic) == ["t"])
    #expect(ended.first?.messages.count == 2)
    publish(["c"], &broker)
    #expect(broker.undelivered == 0)
    #expect(broker.statistics["t"]?.published == 3)
    #expect(broker.bytes == 0)
  }

  @Test("pauses grow by half up to the longest")
  func pauses() {
    let policy = RetryPolicy(kind: .exponential, pause: 100, longest: 300, most: nil)
    #expect((1...5).map { policy.pause(before: $0) } == [100, 150, 225, 300, 300])
    #expect(policy.pause(before: 1_000_000) == 300)
    let three = RetryPolicy(kind: .constant, pause: 7, most: 3)
    #expect((1...4).map { three.pause(before: $0) } == [7, 7, 7, nil])
  }

  @Test("Nobody waits longer than a day for more messages, whatever is asked for", arguments: [(Int64(1), Int64(1)), (.max, 86_400_000)])
  func patience(_ asked: Int64, _ granted: Int64) throws {
    let answer =
      #"[{"pubsubname":"pubsub","topic":"t","route":"/t","bulkSubscribe":{"enabled":true,"maxAwaitDurationMs":\#(asked)}}]"#
    let subscription = try #require(Subscription.list(Array(answer.utf8))?.first)
    #expect(subscription.bulk?.patience == granted)
  }
}
