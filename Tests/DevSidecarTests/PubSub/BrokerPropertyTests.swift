import Testing

@testable import DevSidecar

/// Random runs of Kafka's broker, checked against lists by key and topic.
@Suite("Kafka's broker in random runs")
struct BrokerPropertyTests {
  /// The naive record of one component's copies of one topic.
  private struct Account {
    var published: [String: [String]] = [:]
    var first: [String: [String]] = [:]
    var ends: [String: Int] = [:]
  }

  private static let topics = ["a.t", "a.u", "a.s", "b.t", "b.s"]

  @Test(
    "Kafka's broker loses and doubles nothing, keeps each key's first deliveries in order, and has one bulk delivery out", arguments: 0..<60
  )
  func laws(_ seed: Int) {
    var dice = RandomBits(seed: UInt64(seed) &+ 77)
    func roll(_ sides: Int) -> Int { Int(dice.next() >> 33) % sides }
    let partitions = 1 + roll(4)
    let most = 1 + roll(6)
    let subscriptions = [
      BrokerRig.bulk("t", on: "a", most: most, patience: 4, dead: "dead"), BrokerRig.bulk("u", on: "a", most: 5, patience: 7, dead: "dead"),
      BrokerRig.single("s", on: "a", dead: "dead"), BrokerRig.bulk("t", on: "b", most: 9, patience: 3, dead: "dead"),
      BrokerRig.single("s", on: "b", dead: "dead"), BrokerRig.single("dead", on: "b"),
    ]
    let components = ["a", "b"].map { name in BrokerRig.component(name) { $0.partitions = partitions } }
    var rig = BrokerRig(
      subscriptions, components, retry: RetryPolicy(kind: .exponential, pause: 3, longest: 9, most: nil), seed: UInt64(seed))
    var accounts = Dictionary(uniqueKeysWithValues: Self.topics.map { ($0, Account()) })
    var buried = 0
    var out: [Batch] = []
    var now: Int64 = 0
    var count = 0
    var steps = 0
    while steps < 400 || rig.broker.undelivered > 0 {
      steps += 1
      now += Int64(roll(5))
      if steps < 400, roll(3) == 0 {
        let topic = ["t", "u", "s"][roll(3)]
        for _ in 0..<roll(5) {
          count += 1
          let key = "key\(roll(4))"
          for name in ["a.\(topic)", "b.\(topic)"] { accounts[name]?.published[key, default: []].append("\(count)") }
          rig.publish(["\(count)"], to: topic, on: roll(2) == 0 ? "a" : "b", key: key, at: now)
        }
      }
      let taken = rig.take(at: now)
      out += taken
      for batch in taken {
        let name = "\(batch.subscription.pubsub).\(batch.subscription.topic)"
        #expect(batch.entries.count <= batch.subscription.bulk?.most ?? 1)
        #expect(Set(batch.entries.map { $0.message.partition % partitions }).count == 1)
        for entry in batch.entries where accounts[name] != nil {
          let text = String(decoding: entry.message.body, as: UTF8.self)
          let key = entry.message.key ?? ""
          if accounts[name]?.first[key]?.contains(text) != true { accounts[name]?.first[key, default: []].append(text) }
        }
      }
      for group in 0..<2 { #expect(out.count { $0.group == group && $0.isBulk } <= 1) }
      let singles = out.filter { !$0.isBulk }.map { "\($0.group) \($0.subscription.topic) \($0.partition)" }
      #expect(Set(singles).count == singles.count)
      guard !out.isEmpty, steps > 5_000 || roll(2) == 0 else { continue }
      let batch = out.remove(at: roll(out.count))
      guard roll(12) > 0 else {
        _ = rig.broker.settle(batch, .unreachable, now: now)
        _ = rig.broker.subscribe(subscriptions, now: now)
        continue
      }
      let isLetter = batch.subscription.topic == "dead"
      let fates = batch.entries.map { _ in [Fate.taken, .taken, .again, .dropped][roll(isLetter ? 3 : 4)] }
      let name = "\(batch.subscription.pubsub).\(batch.subscription.topic)"
      for (text, fate) in zip(BrokerRig.texts(batch), fates) where fate != .again {
        accounts[name]?.ends[text, default: 0] += 1
        if fate == .dropped { buried += 1 }
      }
      _ = rig.broker.settle(batch, .answered(fates), now: now)
    }
    for (name, account) in accounts {
      let wanted = name == "b.u" ? [:] : account.published
      #expect(account.first == wanted, "\(name)")
      #expect(account.ends == Dictionary(uniqueKeysWithValues: wanted.values.joined().map { ($0, 1) }), "\(name)")
    }
    #expect(rig.broker.statistics["dead"]?.acknowledged == buried)
    #expect(rig.broker.bytes == 0)
  }
}
