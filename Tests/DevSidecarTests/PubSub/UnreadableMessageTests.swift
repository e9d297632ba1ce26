import Testing

@testable import DevSidecar

/// Messages in Avro that cannot be read, and what Kafka's client makes of batches that nothing else settles.
@Suite("Unreadable messages")
struct UnreadableMessageTests {
  private static func avro(_ subscription: Subscription) -> Subscription {
    var subscription = subscription
    subscription.isAvro = true
    return subscription
  }

  private static func component(_ offers: RetryPolicy?) -> PubSubComponent { BrokerRig.component { $0.offers = offers } }

  private static func read(_ batch: Batch, _ text: String, isBroken: Bool = false) -> Batch {
    var batch = batch
    for index in batch.entries.indices { batch.entries[index].read = AvroWire.Read(text: Array(text.utf8), isBroken: isBroken) }
    return batch
  }

  @Test("A message that cannot be read comes again every five seconds for ever, without a try of the policy, and holds up its partition")
  func single() throws {
    let policy = RetryPolicy(kind: .constant, pause: 1, most: 3)
    var rig = BrokerRig([Self.avro(BrokerRig.single("t", dead: "d")), BrokerRig.single("d")], retry: policy)
    rig.publish(["\u{0}bytes", "next"], isEvent: false)
    var now: Int64 = 0
    for _ in 0..<50 {
      let batch = try rig.one(at: now)
      #expect(BrokerRig.texts(batch) == ["\u{0}bytes"] && batch.tries == 0)
      #expect(rig.broker.settle(batch, .unreadable, now: now).isEmpty)
      rig.expectNothing(at: now + 4_999)
      #expect(rig.broker.nextDue(now: now) == now + 5_000)
      now += 5_000
    }
  }

  @Test("A bulk with a message that cannot be read stops every bulk of its component, and no single one")
  func bulk() throws {
    var rig = BrokerRig([Self.avro(BrokerRig.bulk("t")), BrokerRig.bulk("u"), BrokerRig.single("s")])
    rig.publish(["a", "b", "c"], isEvent: false)
    let batch = try rig.one(at: 0)
    _ = rig.broker.settle(batch, .unreadable, now: 0)
    rig.publish(["{}", "{}", "{}"], to: "u", at: 10)
    rig.publish(["{}"], to: "s", at: 10)
    #expect(try rig.one(at: 200).subscription.topic == "s")
    #expect(try rig.one(at: 5_000).entries.count == 3)
  }

  @Test("After so many offers a batch is lost, its good messages too, and what waits behind it goes on")
  func givenUp() throws {
    var rig = BrokerRig([Self.avro(BrokerRig.bulk("t", dead: "d"))], [Self.component(RetryPolicy(kind: .constant, pause: 200, most: 2))])
    rig.publish(["a", "b", "c", "d", "e", "f"], isEvent: false)
    for now: Int64 in [0, 200, 400] {
      let batch = try rig.one(at: now)
      #expect(BrokerRig.texts(batch) == ["a", "b", "c"])
      let settlement = rig.broker.settle(batch, .unreadable, now: now)
      #expect(settlement.ended.count == (now == 400 ? 3 : 0) && settlement.moved.isEmpty)
    }
    #expect(rig.broker.statistics["t"]?.lost == 3)
    #expect(BrokerRig.texts(try rig.one(at: 400)) == ["d", "e", "f"])
  }

  @Test("Without retries of the consumer a message is lost at once, and so is one that the app wants again")
  func noRetry() throws {
    var rig = BrokerRig([Self.avro(BrokerRig.single("t"))], [Self.component(nil)])
    rig.publish(["a", "b", "c"], isEvent: false)
    #expect(rig.broker.settle(try rig.one(at: 0), .unreadable, now: 0).ended.count == 1)
    #expect(rig.settle(try rig.one(at: 0), .again, at: 0).ended.count == 1)
    #expect(BrokerRig.texts(try rig.one(at: 0)) == ["c"])
    #expect(rig.broker.statistics["t"]?.lost == 2)
  }

  @Test("What the app wants again is lost after so many offers, unless a policy retries for ever")
  func appRetries() throws {
    let offers = RetryPolicy(kind: .constant, pause: 10, most: 1)
    var rig = BrokerRig([BrokerRig.single("t")], [Self.component(offers)], retry: RetryPolicy(kind: .constant, pause: 1, most: 2))
    rig.publish(["{}"])
    // A try and two of the policy, and both again with the one offer.
    for (now, ended) in [(0, 0), (1, 0), (2, 0), (12, 0), (13, 0), (14, 1)] as [(Int64, Int)] {
      #expect(rig.settle(try rig.one(at: now), .again, at: now).ended.count == ended)
    }
    var endless = BrokerRig([BrokerRig.single("t")], [Self.component(offers)], retry: RetryPolicy(kind: .constant, pause: 1, most: nil))
    endless.publish(["{}"])
    for now: Int64 in 0..<100 { #expect(endless.settle(try endless.one(at: now), .again, at: now).isEmpty) }
  }

  @Test("What has been read stays so for the policy's retries, and is read anew when it is offered again")
  func readOnce() throws {
    var rig = BrokerRig([Self.avro(BrokerRig.single("t"))], retry: RetryPolicy(kind: .constant, pause: 1, most: 1))
    rig.publish(["a"], isEvent: false)
    rig.settle(Self.read(try rig.one(at: 0), #"{"a":1}"#), .again, at: 0)
    let retried = try rig.one(at: 1)
    #expect(retried.entries[0].body == Array(#"{"a":1}"#.utf8))
    rig.settle(retried, .again, at: 1)
    #expect(try rig.one(at: 5_001).entries[0].read == nil)
  }

  @Test("A dropped message becomes a dead letter as it was read, and counts the bytes that it had")
  func letter() throws {
    var rig = BrokerRig([Self.avro(BrokerRig.single("t", dead: "d")), BrokerRig.single("d")])
    rig.publish(["abc"], isEvent: false)
    let text = #"{"a":"a long text in the place of three bytes"}"#
    let settlement = rig.settle(Self.read(try rig.one(at: 0), text), .dropped, at: 0)
    #expect(settlement.moved.map { String(decoding: $0.message.body, as: UTF8.self) } == [text])
    let letter = try rig.one(at: 0)
    #expect(BrokerRig.texts(letter) == [text])
    rig.settle(letter, at: 0)
    #expect(rig.broker.bytes == 0 && rig.broker.undelivered == 0)
  }

  @Test("What was read and is no JSON object goes to the dead letters, beside good ones is lost, and alone is offered again")
  func broken() throws {
    var letters = BrokerRig([Self.avro(BrokerRig.single("t", dead: "d")), BrokerRig.single("d", isRaw: true)])
    letters.publish(["a"], isEvent: false)
    letters.settle(Self.read(try letters.one(at: 0), "[1]", isBroken: true), .broken, at: 0)
    #expect(BrokerRig.texts(try letters.one(at: 0)) == ["[1]"])
    var alone = BrokerRig([Self.avro(BrokerRig.single("t"))])
    alone.publish(["a"], isEvent: false)
    alone.settle(try alone.one(at: 0), .broken, at: 0)
    #expect(BrokerRig.texts(try alone.one(at: 5_000)) == ["a"])
    var beside = BrokerRig([Self.avro(BrokerRig.bulk("t", most: 2))])
    beside.publish(["a", "b"], isEvent: false)
    let batch = try beside.one(at: 0)
    #expect(beside.broker.settle(batch, .answered([.broken, .taken]), now: 0).ended.count == 2)
    #expect(beside.broker.statistics["t"]?.lost == 1)
  }

  @Test("Only Kafka's components know Avro")
  func otherBrokers() throws {
    var rig = BrokerRig([Self.avro(BrokerRig.single("t"))], [BrokerRig.component { $0.profile = .redis }])
    rig.publish(["{}"], isEvent: false)
    #expect(try rig.one(at: 0).subscription.isAvro == false)
  }
}
