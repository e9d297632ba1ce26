import Testing

@testable import DevSidecar

/// How brokers without partitions deliver, according to the recordings.
@Suite("Redis' broker and the in-memory broker")
struct UnorderedBrokerTests {
  private static func redis(_ concurrency: Int) -> PubSubComponent {
    BrokerRig.component {
      $0.profile = .redis
      $0.concurrency = concurrency
    }
  }

  private static let memory = BrokerRig.component { $0.profile = .memory }

  @Test("On Redis the number of outstanding messages is limited over all topics, and batches are made of these")
  func outstanding() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", most: 100), BrokerRig.single("s")], [Self.redis(4)])
    rig.publish((0..<20).map { "t\($0)" }, to: "t")
    rig.publish((0..<20).map { "s\($0)" }, to: "s")
    let first = rig.take(at: 0)
    #expect(first.count == 2 && first.allSatisfy { $0.subscription.topic == "s" })
    #expect(rig.take(at: 99).isEmpty)
    let bulk = try rig.one(at: 100)
    #expect(bulk.entries.count == 2)
    // Its slot goes to whatever comes next; two more of the singles are out all the time.
    rig.settle(bulk, at: 150)
    let fetched = rig.take(at: 150)
    #expect(fetched.count == 1 && fetched[0].subscription.topic == "s")
    #expect(try rig.one(at: 200).entries.count == 1)
  }

  @Test("On Redis a full batch goes at once, and each topic has one batch out at a time")
  func full() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", most: 3)], [Self.redis(100)])
    rig.publish((0..<7).map { "\($0)" })
    let first = try rig.one(at: 0)
    #expect(first.entries.count == 3)
    rig.expectNothing(at: 90)
    rig.settle(first, at: 90)
    let second = try rig.one(at: 90)
    rig.settle(second, at: 95)
    rig.expectNothing(at: 99)
    #expect(try rig.one(at: 100).entries.count == 1)
  }

  @Test("On Redis and in memory a message that fails without a policy is lost, or a dead letter if there is a topic")
  func noPolicy() throws {
    for component in [Self.redis(10), Self.memory] {
      var rig = BrokerRig([BrokerRig.bulk("t", dead: "dead"), BrokerRig.single("dead")], [component])
      rig.publish(["a"])
      rig.expectNothing(at: 0)
      rig.settle(try rig.one(at: 100), .again, at: 100)
      #expect(rig.broker.statistics["t"]?.deadLettered == 1)
      rig.settle(try rig.one(at: 100), .again, at: 100)
      #expect(rig.broker.statistics["dead"]?.lost == 1)
      #expect(rig.broker.undelivered == 0)
      #expect(rig.broker.bytes == 0)
    }
  }

  @Test("On Redis a single retry holds up nothing but its own slot")
  func retries() throws {
    var rig = BrokerRig([BrokerRig.single("s")], [Self.redis(2)], retry: RetryPolicy(kind: .constant, pause: 1_000, most: nil))
    rig.publish((0..<4).map { "\($0)" }, to: "s")
    let first = rig.take(at: 0)
    #expect(first.count == 2)
    rig.settle(first[0], .again, at: 0)
    rig.settle(first[1], at: 0)
    for now in [Int64(1), 2] { rig.settle(try rig.one(at: now), at: now) }
    rig.expectNothing(at: 999)
    #expect(try rig.one(at: 1_000).entries == first[0].entries)
  }

  @Test("In memory one message of a topic is out at a time, so a bulk delivery holds one at each tick")
  func memory() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", most: 100), BrokerRig.single("s")], [Self.memory])
    rig.publish(["a", "b", "c"], to: "t")
    rig.publish(["d", "e"], to: "s")
    let single = try rig.one(at: 0)
    rig.settle(single, at: 0)
    rig.settle(try rig.one(at: 0), at: 0)
    var seen: [String] = []
    for now in [Int64(100), 200, 300] {
      rig.expectNothing(at: now - 1)
      let batch = try rig.one(at: now)
      seen += BrokerRig.texts(batch)
      rig.settle(batch, at: now)
    }
    #expect(seen.sorted() == ["a", "b", "c"])
  }

  @Test("On Redis no message is lost or doubled, and no more are outstanding than the limit allows", arguments: 0..<40)
  func laws(_ seed: Int) {
    var dice = RandomBits(seed: UInt64(seed) &+ 901)
    func roll(_ sides: Int) -> Int { Int(dice.next() >> 33) % sides }
    let concurrency = 1 + roll(20)
    var rig = BrokerRig(
      [BrokerRig.bulk("t", most: 1 + roll(9), patience: 5), BrokerRig.bulk("u", most: 4, patience: 9), BrokerRig.single("s")],
      [Self.redis(concurrency)], retry: RetryPolicy(kind: .constant, pause: 3, most: nil), seed: UInt64(seed))
    var out: [Batch] = []
    var ends: [String: Int] = [:]
    var count = 0
    var now: Int64 = 0
    while count < 300 || rig.broker.undelivered > 0 {
      now += 1
      if count < 300, roll(3) == 0 {
        rig.publish(["\(count)"], to: ["t", "u", "s"][roll(3)], at: now)
        count += 1
      }
      out += rig.take(at: now)
      #expect(out.reduce(0) { $0 + $1.entries.count } <= concurrency)
      for topic in ["t", "u"] { #expect(out.count { $0.subscription.topic == topic } <= 1) }
      guard !out.isEmpty, roll(2) == 0 else { continue }
      let batch = out.remove(at: roll(out.count))
      let fates = batch.entries.map { _ in roll(5) == 0 ? Fate.again : .taken }
      for (text, fate) in zip(BrokerRig.texts(batch), fates) where fate == .taken { ends[text, default: 0] += 1 }
      _ = rig.broker.settle(batch, .answered(fates), now: now)
    }
    #expect(ends == Dictionary(uniqueKeysWithValues: (0..<300).map { ("\($0)", 1) }))
    #expect(rig.broker.bytes == 0)
  }
}
