import Testing

@testable import DevSidecar

/// Several components in one sidecar.
@Suite("Components that share brokers")
struct ComponentSharingTests {
  private static func cluster(_ name: String, _ cluster: String) -> PubSubComponent {
    BrokerRig.component(name) { $0.cluster = cluster }
  }

  @Test("A message reaches subscribers of every component on the same brokers, and both if both subscribe")
  func shared() {
    let components = [Self.cluster("a", "x"), Self.cluster("b", "x"), Self.cluster("c", "y")]
    let subscriptions = ["a", "b", "c"].map { BrokerRig.single("all", on: $0) } + [BrokerRig.single("own", on: "b")]
    var rig = BrokerRig(subscriptions, components)
    rig.publish(["1"], to: "own", on: "a")
    rig.publish(["2"], to: "all", on: "a")
    rig.publish(["3"], to: "all", on: "c")
    var seen: [String] = []
    while true {
      let batches = rig.take(at: 0)
      if batches.isEmpty { break }
      for batch in batches {
        seen.append("\(batch.subscription.pubsub) \(batch.subscription.topic) \(BrokerRig.texts(batch)[0])")
        rig.settle(batch, at: 0)
      }
    }
    #expect(seen.sorted() == ["a all 2", "b all 2", "b own 1", "c all 3"])
    #expect(rig.broker.statistics["all"]?.published == 2)
    #expect(rig.broker.statistics["all"]?.acknowledged == 3)
  }

  @Test("A topic has one sequence of offsets, whichever component publishes")
  func offsets() throws {
    var rig = BrokerRig([BrokerRig.single("t", on: "b")], [Self.cluster("a", "x"), Self.cluster("b", "x")])
    rig.publish(["1"], on: "a")
    rig.publish(["2"], on: "b")
    var offsets: [Int64] = []
    for _ in 0..<2 {
      let batch = try rig.one(at: 0)
      offsets.append(batch.entries[0].message.position.offset)
      rig.settle(batch, at: 0)
    }
    #expect(offsets == [0, 1])
  }

  @Test("Dead letters reach any component that subscribes to their topic")
  func deadLetters() throws {
    var rig = BrokerRig(
      [BrokerRig.bulk("t", on: "a", dead: "dead"), BrokerRig.single("dead", on: "b")], [Self.cluster("a", "x"), Self.cluster("b", "x")])
    rig.publish(["1"], on: "a")
    let settlement = rig.settle(try rig.one(at: 100), .dropped, at: 100)
    #expect(settlement.moved.map(\.component) == ["b"])
    #expect(try rig.one(at: 100).subscription == BrokerRig.single("dead", on: "b"))
  }

  @Test(
    "Components share a broker if their type and their brokers' addresses are the same",
    arguments: [
      ("pubsub.kafka", "brokers", "k1:9092", "pubsub.kafka", "brokers", "k1:9092", true),
      ("pubsub.kafka", "brokers", "k1:9092", "pubsub.kafka", "brokers", "k2:9092", false),
      ("pubsub.redis", "redisHost", "r:6379", "pubsub.redis", "redisHost", "r:6379", true),
      ("pubsub.redis", "redisHost", "r:6379", "pubsub.redis", "redisHost", "s:6379", false),
      ("pubsub.kafka", "brokers", "r:1", "pubsub.redis", "redisHost", "r:1", false),
    ])
  func clusters(_ first: String, _ name: String, _ at: String, _ second: String, _ other: String, _ host: String, _ isSame: Bool) throws {
    let files = ["a.yaml": Rig.component("a", first, [name: at]), "b.yaml": Rig.component("b", second, [other: host])]
    let components = try Components(folder: Rig.folder(files))
    #expect(components.pubsubs.map(\.name) == ["a", "b"])
    #expect((components.pubsubs[0].cluster == components.pubsubs[1].cluster) == isSame)
    #expect(components.pubsubs.map(\.profile) == [first, second].map { $0 == "pubsub.redis" ? .redis : .kafka })
  }
}
