import Testing

@testable import DevSidecar

/// Random runs of the broker held against what a list per key says.
@Suite("Broker, random runs")
struct BrokerPropertyTests {
  @Test("nothing is lost, first deliveries keep the order of a key, and one batch of a partition is out", arguments: 0..<60)
  func laws(_ seed: Int) {
    var dice = RandomBits(seed: UInt64(seed) &+ 77)
    func roll(_ sides: Int) -> Int { Int(dice.next() >> 33) % sides }
    var component = PubSubComponent(name: "pubsub")
    component.partitions = 1 + roll(4)
    let most = 1 + roll(6)
    var broker = Broker(component, retry: RetryPolicy(kind: .exponential, pause: 3, longest: 9, most: nil), random: RandomBits(seed: 5))
    let subscription = Subscription(
      pubsub: "pubsub", topic: "t", path: "/", bulk: most > 1 ? Subscription.Bulk(most: most, patience: 4) : nil, deadLetterTopic: "dead")
    _ = broker.subscribe([subscription, Subscription(pubsub: "pubsub", topic: "dead", path: "/d")], now: 0)

    // The naive account: what was published by key, what came first in which order, how each ended.
    var published: [String: [String]] = [:]
    var first: [String: [String]] = [:]
    var ends: [String: Int] = [:]
    var buried: Set<String> = []
    var out: [Batch] = []
    var now: Int64 = 0
    var count = 0
    var steps = 0
    while steps < 400 || broker.undelivered > 0 {
      steps += 1
      now += Int64(roll(5))
      if steps < 400, roll(3) == 0 {
        let messages = (0..<roll(5)).map { _ in
          count += 1
          let key = "key\(roll(4))"
          published[key, default: []].append("\(count)")
          return Message(body: Array("\(count)".utf8), isEvent: true, key: key)
        }
        broker.enqueue(broker.accept(messages, to: "t", wall: now) ?? [], to: "t", now: now)
      }
      let taken = broker.take(now: now)
      for batch in taken {
        #expect(batch.entries.count <= most || batch.subscription.topic == "dead")
        #expect(!out.contains { $0.subscription.topic == batch.subscription.topic && $0.partition == batch.partition })
        for entry in batch.entries where batch.subscription.topic == "t" {
          let text = String(decoding: entry.message.body, as: UTF8.self)
          let key = entry.message.key ?? ""
          if batch.tries == 0, first[key]?.contains(text) != true { first[key, default: []].append(text) }
        }
      }
      out += taken
      guard !out.isEmpty, steps > 5000 || roll(2) == 0 else { continue }
      let batch = out.remove(at: roll(out.count))
      guard roll(12) > 0 else {
        _ = broker.settle(batch, .unreachable, now: now)
        _ = broker.subscribe(broker.subscriptions, now: now)
        continue
      }
      let fates = batch.entries.map { _ in [Fate.taken, .taken, .again, .dropped][roll(batch.subscription.topic == "t" ? 4 : 3)] }
      for (entry, fate) in zip(batch.entries, fates) {
        let text = String(decoding: entry.message.body, as: UTF8.self)
        if fate == .taken { ends[text, default: 0] += 1 }
        if fate == .dropped { buried.insert(text) }
      }
      _ = broker.settle(batch, .answered(fates), now: now)
    }
    #expect(first == published)
    #expect(ends == Dictionary(uniqueKeysWithValues: published.values.joined().map { ($0, 1) }))
    #expect(broker.statistics["t"]?.deadLettered == buried.count)
    #expect(broker.bytes == 0)
  }
}
