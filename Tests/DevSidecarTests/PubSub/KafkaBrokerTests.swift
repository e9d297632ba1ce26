import Testing

@testable import DevSidecar

/// How Kafka's consumer gathers, delivers and holds up, according to the recordings.
@Suite("Kafka's broker")
struct KafkaBrokerTests {
  private static let forever = RetryPolicy(kind: .constant, pause: 20, most: nil)

  @Test("A batch is sent when it is full, or when the ticker that began with the subscription fires")
  func batching() throws {
    var rig = BrokerRig([BrokerRig.bulk("t")])
    rig.publish(["a", "b"], at: 10)
    rig.expectNothing(at: 99)
    #expect(rig.broker.nextDue(now: 99) == 100)
    let first = try rig.one(at: 100)
    #expect(BrokerRig.texts(first) == ["a", "b"])
    rig.settle(first, at: 110)
    rig.publish(["c", "d", "e", "f"], at: 120)
    let full = try rig.one(at: 120)
    #expect(BrokerRig.texts(full) == ["c", "d", "e"])
    rig.settle(full, at: 130)
    // The ticker goes on, whatever was sent: 80 milliseconds after the fourth came, not 100.
    rig.expectNothing(at: 199)
    #expect(BrokerRig.texts(try rig.one(at: 200)) == ["f"])
  }

  @Test("A tick with nothing to send does not make the next message go out at once")
  func idleTicks() throws {
    var rig = BrokerRig([BrokerRig.bulk("t")])
    rig.publish(["a"], at: 750)
    rig.expectNothing(at: 799)
    #expect(BrokerRig.texts(try rig.one(at: 800)) == ["a"])
  }

  @Test("A tick while the app has a batch counts afterwards, or else the next tick does", arguments: 0..<20)
  func lateTicks(_ seed: Int) throws {
    var rig = BrokerRig([BrokerRig.bulk("t")], seed: UInt64(seed))
    rig.publish(["a"], at: 10)
    let first = try rig.one(at: 100)
    rig.publish(["b"], at: 120)
    rig.expectNothing(at: 240)
    rig.settle(first, at: 250)
    let now = rig.take(at: 250)
    let later = rig.take(at: 300)
    #expect([now, later].map { $0.map { BrokerRig.texts($0) } } == (now.isEmpty ? [[], [["b"]]] : [[["b"]], []]))
  }

  @Test("One bulk delivery is out at a time, over all topics and partitions, and it comes from one partition")
  func oneAtATime() throws {
    let component = BrokerRig.component { $0.partitions = 4 }
    var rig = BrokerRig([BrokerRig.bulk("t", most: 100), BrokerRig.bulk("u", most: 100)], [component])
    for number in 0..<40 { rig.publish(["\(number)"], to: number % 2 == 0 ? "t" : "u", key: "key\(number % 7)", at: 50) }
    rig.expectNothing(at: 50)
    var seen: Set<String> = []
    var batches = 0
    while seen.count < 40 {
      let batch = try rig.one(at: 100 + Int64(batches))
      rig.expectNothing(at: 100 + Int64(batches))
      #expect(Set(batch.entries.map(\.message.partition)) == [batch.partition])
      seen.formUnion(BrokerRig.texts(batch))
      rig.settle(batch, at: 100 + Int64(batches))
      batches += 1
    }
    #expect(batches <= 8, "each partition's batch holds all that it had gathered")
  }

  @Test("A RETRY holds up every bulk subscription of the component, but no single subscription and no other component")
  func holdsUp() throws {
    let components = [BrokerRig.component(), BrokerRig.component("own")]
    var rig = BrokerRig(
      [BrokerRig.bulk("t"), BrokerRig.bulk("u"), BrokerRig.single("s"), BrokerRig.bulk("v", on: "own")], components, retry: Self.forever)
    rig.publish(["bad"], to: "t", at: 0)
    var held = try rig.one(at: 100)
    rig.publish(["u"], to: "u", at: 100)
    rig.publish(["s"], to: "s", at: 100)
    rig.publish(["v"], to: "v", at: 100)
    for now in stride(from: Int64(100), to: 1_000, by: 20) {
      rig.settle(held, .again, at: now)
      let batches = rig.take(at: now + 20)
      for batch in batches where batch.subscription.topic != "t" { rig.settle(batch, at: now + 20) }
      #expect(!batches.contains { $0.subscription.topic == "u" })
      held = try #require(batches.first { $0.subscription.topic == "t" })
      #expect(held.tries == Int((now - 80) / 20))
    }
    #expect(rig.broker.statistics["s"]?.acknowledged == 1)
    #expect(rig.broker.statistics["v"]?.acknowledged == 1)
    rig.settle(held, at: 1_000)
    #expect(BrokerRig.texts(rig.take(at: 1_100).first) == ["u"])
  }

  @Test("A single subscription has one delivery out per partition, and a retry holds up that partition alone")
  func singles() throws {
    let component = BrokerRig.component { $0.partitions = 3 }
    var rig = BrokerRig([BrokerRig.single("s")], [component], retry: Self.forever)
    for number in 0..<30 { rig.publish(["\(number)"], to: "s", key: "key\(number)") }
    let first = rig.take(at: 0)
    #expect(Set(first.map(\.partition)) == [0, 1, 2])
    rig.settle(first[0], .again, at: 0)
    for _ in 0..<5 {
      for batch in rig.take(at: 10) {
        #expect(batch.partition != first[0].partition)
        rig.settle(batch, at: 10)
      }
    }
    let again = rig.take(at: 20)
    #expect(again.contains { $0.entries == first[0].entries })
  }

  @Test("A batch is bounded by its count alone, never by bytes")
  func bytes() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", most: 40)], [BrokerRig.component { $0.capacity = 1 << 30 }])
    rig.publish(Array(repeating: String(repeating: "x", count: 900_000), count: 40))
    #expect(try rig.one(at: 0).entries.count == 40)
  }

  @Test("Without a policy and a dead letter topic a failed message is offered every five seconds")
  func noPolicy() throws {
    for subscription in [BrokerRig.bulk("t"), BrokerRig.single("t")] {
      var rig = BrokerRig([subscription])
      rig.publish(["a", "b"])
      var now: Int64 = subscription.bulk == nil ? 0 : 100
      for _ in 0..<3 {
        let batch = try rig.one(at: now)
        #expect(BrokerRig.texts(batch).first == "a")
        rig.settle(batch, .again, at: now)
        rig.expectNothing(at: now + 4_999)
        #expect(rig.broker.nextDue(now: now) == now + 5_000)
        now += 5_000
      }
      #expect(rig.broker.statistics["t"]?.lost == 0)
    }
  }

  @Test("Without a policy a failed message goes to the dead letters at once")
  func noPolicyDeadLetters() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", dead: "dead"), BrokerRig.single("dead")])
    rig.publish(["a"])
    rig.settle(try rig.one(at: 100), .again, at: 100)
    #expect(rig.broker.statistics["t"]?.deadLettered == 1)
    #expect(BrokerRig.texts(try rig.one(at: 100)) == ["a"])
  }
}
