import Testing

@testable import DevSidecar

/// Rules of every broker, shown on Kafka's.
@Suite("The broker")
struct BrokerTests {
  private static let subscriptions = [BrokerRig.bulk("t", dead: "dead"), BrokerRig.single("dead")]

  private func rig(retry: RetryPolicy? = nil, capacity: Int = 1 << 20) -> BrokerRig {
    BrokerRig(Self.subscriptions, [BrokerRig.component { $0.capacity = capacity }], retry: retry)
  }

  @Test("A failed message comes again alone, with its number, before anything else of its partition")
  func again() throws {
    var rig = rig(retry: RetryPolicy(kind: .constant, pause: 20, most: 3))
    rig.publish(["a", "b", "c", "d", "e", "f"])
    let batch = try rig.one(at: 0)
    #expect(rig.broker.settle(batch, .answered([.taken, .again, .taken]), now: 5).ended == [1, 3])
    rig.expectNothing(at: 24)
    let second = try rig.one(at: 25)
    #expect(BrokerRig.texts(second) == ["b"])
    #expect(second.entries.map(\.number) == [1])
    #expect(second.id == batch.id)
    rig.settle(second, at: 25)
    #expect(BrokerRig.texts(try rig.one(at: 25)) == ["d", "e", "f"])
  }

  @Test("After the last retry a message goes to the dead letter topic exactly as it was published")
  func deadLetters() throws {
    var rig = rig(retry: RetryPolicy(kind: .constant, pause: 1, most: 2))
    rig.publish(["a"])
    for now in [Int64(100), 101, 102] {
      let batch = try rig.one(at: now)
      #expect(rig.broker.statistics["t"]?.deadLettered == 0)
      let settlement = rig.settle(batch, .again, at: now)
      #expect(settlement.moved.map(\.topic) == (now == 102 ? ["dead"] : []))
      #expect(settlement.ended == (now == 102 ? [1] : []))
    }
    let letter = try rig.one(at: 102)
    #expect(letter.subscription.topic == "dead")
    #expect(BrokerRig.texts(letter) == ["a"])
    #expect(letter.entries[0].message.position.topic == "t")
  }

  @Test("While the app is away no delivery is tried, and when it is back nothing waits")
  func away() throws {
    var rig = rig(retry: RetryPolicy(kind: .constant, pause: 10_000, most: 1))
    rig.publish(["a"])
    let batch = try rig.one(at: 100)
    _ = rig.broker.settle(batch, .unreachable, now: 100)
    rig.expectNothing(at: 1_000_000)
    #expect(rig.broker.nextDue(now: 100) == nil)
    _ = rig.broker.subscribe(Self.subscriptions, now: 200)
    let again = try rig.one(at: 200)
    #expect(again.tries == 0, "an app that is away is no try")
    rig.settle(again, .again, at: 200)
    _ = rig.broker.subscribe(Self.subscriptions, now: 300)
    #expect(rig.take(at: 300).count == 1, "a pause ends when the app comes back")
  }

  @Test("A message that does not fit is refused, and fits again once there is room")
  func capacity() throws {
    var rig = rig(capacity: 600)
    rig.publish(["a", "b"])
    let message = [Message(body: [97], isEvent: true)]
    let refused = rig.broker.accept(message, to: "t", from: "pubsub", wall: 0)
    #expect(refused == nil)
    rig.settle(try rig.one(at: 100), at: 100)
    let accepted = rig.broker.accept(message, to: "t", from: "pubsub", wall: 0)
    #expect(accepted?.count == 1)
  }

  @Test("The broker keeps every message until the app subscribes, and from then on drops those without a subscriber")
  func unknownSubscriptions() {
    var rig = BrokerRig([])
    rig.broker = Broker([(BrokerRig.component(), nil), (BrokerRig.component("other"), nil)], random: RandomBits(seed: 1))
    rig.publish(["a", "b"])
    #expect(rig.broker.undelivered == 2, "kept for both components, and yet one message each")
    let ended = rig.broker.subscribe([BrokerRig.single("dead")], now: 0)
    #expect(ended.map(\.topic) == ["t", "t"])
    #expect(ended.first?.messages.count == 2)
    rig.publish(["c"])
    #expect(rig.broker.undelivered == 0)
    #expect(rig.broker.statistics["t"]?.published == 3)
    #expect(rig.broker.bytes == 0)
  }

  @Test("A subscription that changes its kind loses nothing and keeps the order")
  func changed() throws {
    var rig = rig(retry: RetryPolicy(kind: .constant, pause: 10_000, most: nil))
    rig.publish(["a", "b", "c", "d"])
    rig.settle(try rig.one(at: 0), .again, at: 0)
    _ = rig.broker.subscribe([BrokerRig.single("t")], now: 10)
    var seen: [String] = []
    while let batch = rig.take(at: 10).first {
      seen += BrokerRig.texts(batch)
      rig.settle(batch, at: 10)
    }
    #expect(seen == ["a", "b", "c", "d"])
  }

  @Test("Retry pauses grow by half up to the longest")
  func pauses() {
    let policy = RetryPolicy(kind: .exponential, pause: 100, longest: 300, most: nil)
    #expect((1...5).map { policy.pause(before: $0) } == [100, 150, 225, 300, 300])
    #expect(policy.pause(before: 1_000_000) == 300)
    let three = RetryPolicy(kind: .constant, pause: 7, most: 3)
    #expect((1...4).map { three.pause(before: $0) } == [7, 7, 7, nil])
  }

  @Test(
    "No batch waits longer than a day for more messages, whatever the subscription asks for",
    arguments: [(Int64(1), Int64(1)), (.max, 86_400_000)])
  func patience(_ asked: Int64, _ granted: Int64) throws {
    let answer =
      #"[{"pubsubname":"pubsub","topic":"t","route":"/t","bulkSubscribe":{"enabled":true,"maxAwaitDurationMs":\#(asked)}}]"#
    let subscription = try #require(Subscription.list(Array(answer.utf8))?.first)
    #expect(subscription.bulk?.patience == granted)
  }
}
