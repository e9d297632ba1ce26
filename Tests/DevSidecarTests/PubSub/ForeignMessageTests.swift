import Testing

@testable import DevSidecar

/// Messages that no Dapr publisher wrote: the table of the recordings.
@Suite("Foreign messages")
struct ForeignMessageTests {
  private static let broken = ["plain text", "\u{0}\u{7}", "[1,2]", "\"str\"", ""]
  private static let good = [#"{"a":1}"#, "null"]

  @Test("A message that is neither a JSON object nor null is broken for every subscription but a raw one", arguments: broken + good)
  func kinds(_ text: String) {
    #expect(Message(body: Array(text.utf8), isEvent: false).isBroken == Self.broken.contains(text))
  }

  @Test("In a bulk, broken messages go to the dead letters at once, and the others keep their numbers")
  func bulkWithDeadLetters() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", most: 100, dead: "dead"), BrokerRig.single("dead", isRaw: true)])
    rig.publish(["{}", "hello", "null", "[]"], isEvent: false)
    let batches = rig.take(at: 100)
    let batch = try #require(batches.first { $0.subscription.topic == "t" })
    #expect(BrokerRig.texts(batch) == ["{}", "null"])
    #expect(batch.entries.map(\.number) == [0, 2])
    let moves = rig.broker.takeUnrecorded()
    #expect(moves.ended.count == 2 && moves.moved.count == 2)
    let letter = try #require(batches.first { $0.subscription.topic == "dead" })
    #expect(BrokerRig.texts(letter) == ["hello"])
    #expect(letter.entries[0].message.position == Message.Position(topic: "t", partition: 0, offset: 1, time: 0))
  }

  @Test("In a bulk without a dead letter topic, broken messages beside a good one are lost")
  func bulkWithout() throws {
    var rig = BrokerRig([BrokerRig.bulk("t", most: 100)])
    rig.publish(["hello", "{}"], isEvent: false)
    #expect(BrokerRig.texts(try rig.one(at: 100)) == ["{}"])
    #expect(rig.broker.statistics["t"]?.lost == 1)
  }

  @Test("A bulk of broken messages alone, without dead letters, is offered every five seconds and blocks all bulk deliveries")
  func bulkStandsStill() throws {
    var rig = BrokerRig([BrokerRig.bulk("t"), BrokerRig.bulk("u"), BrokerRig.single("s")])
    rig.publish(["hello"], isEvent: false)
    rig.expectNothing(at: 100)
    rig.publish(["{}"], to: "u", at: 110)
    rig.publish(["{}"], to: "s", at: 110)
    #expect(try rig.one(at: 110).subscription.topic == "s")
    for now in [Int64(5_100), 10_100, 60_000] {
      rig.expectNothing(at: now)
      #expect(rig.broker.nextDue(now: now) == now + 5_000)
    }
    // A raw subscription accepts it.
    var raw = BrokerRig.bulk("t")
    raw.isRaw = true
    _ = rig.broker.subscribe([raw, BrokerRig.bulk("u"), BrokerRig.single("s")], now: 60_000)
    var topics: [String] = []
    for now in stride(from: Int64(60_000), through: 60_300, by: 10) {
      for batch in rig.take(at: now) {
        topics.append(batch.subscription.topic)
        rig.settle(batch, at: now)
      }
    }
    #expect(topics.sorted() == ["t", "u"])
  }

  @Test("A broken message for a single subscription goes to the dead letters at once, undelivered")
  func singleWithDeadLetters() throws {
    var rig = BrokerRig([BrokerRig.single("t", dead: "dead"), BrokerRig.single("dead", isRaw: true)])
    rig.publish(["hello", "{}"], isEvent: false)
    let batches = rig.take(at: 0)
    #expect(batches.map { $0.subscription.topic }.sorted() == ["dead", "t"])
    #expect(BrokerRig.texts(batches.first { $0.subscription.topic == "t" }) == ["{}"])
  }

  @Test("A broken message for a single subscription without dead letters holds up its partition")
  func singleWithout() throws {
    let component = BrokerRig.component { $0.partitions = 2 }
    var rig = BrokerRig([BrokerRig.single("t")], [component])
    rig.publish(["hello", "{}"], isEvent: false)
    rig.expectNothing(at: 0)
    rig.expectNothing(at: 5_000)
    let other = try #require(
      (0..<50).map { "key\($0)" }.first { key in
        var log = TopicLog(partitions: 2)
        return log.partition(for: key) != log.partition(for: "k")
      })
    rig.publish(["{}"], key: other, at: 5_000)
    #expect(try rig.one(at: 5_000).entries[0].message.key == other)
  }

  @Test("A raw subscription takes every message")
  func raw() throws {
    var rig = BrokerRig([BrokerRig.single("t", isRaw: true)])
    rig.publish(Self.broken + Self.good, isEvent: false)
    var seen: [String] = []
    while let batch = rig.take(at: 0).first {
      seen += BrokerRig.texts(batch)
      rig.settle(batch, at: 0)
    }
    #expect(seen == Self.broken + Self.good)
  }

  @Test("A key with control characters cannot be a header", arguments: [("\u{1}\u{2}", false), ("a\nb", false), ("student 1 é", true)])
  func keys(_ key: String, _ isSendable: Bool) {
    #expect(Message(body: [], isEvent: false, key: key).isSendable == isSendable)
  }
}
