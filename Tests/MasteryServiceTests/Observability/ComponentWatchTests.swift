import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("What the sidecar says of its components")
struct ComponentWatchTests {
  private typealias Component = SidecarMetadata.Component
  private typealias Subscription = SidecarMetadata.Subscription

  /// All that is subscribed: topic and component, and the dead letter topic where there is one, by the contract.
  private static let subscribed =
    ["mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency"].map {
      Subscription(component: "pubsub", topic: $0, deadLetterTopic: "mastery.dlq")
    } + [Subscription(component: "pubsub", topic: "mastery.dlq")]
    + [
      "mastery.retry", "mastery.erasures", "mastery.standings", "mastery.batch.high", "mastery.batch.normal", "mastery.batch.low",
    ].map { Subscription(component: "pubsub-own", topic: $0, deadLetterTopic: "mastery.dlq") }

  /// A service with two pub/sub components beside a sidecar that has all it needs.
  private static func stand() -> Stand {
    let stand = Stand { $0.ownPubsub = "pubsub-own" }
    stand.sidecar.describe { metadata in
      metadata.runtimeVersion = "1.18.3"
      metadata.subscriptions = subscribed
      metadata.resiliencies = ["mastery-engine"]
    }
    return stand
  }

  /// What a look now finds: component, problem and reason.
  private static func found(_ stand: Stand) async throws -> [(component: String, problem: String, reason: String)] {
    let findings = try #require(await stand.service.components.findings(CallContext()))
    return findings.map { ($0.labels.component, $0.labels.problem.rawValue, $0.reason) }
  }

  /// The lines of the log about components: level, component and problem.
  private static func told(_ stand: Stand) throws -> [String] {
    try stand.lines.all.filter { $0.contains("a component of the sidecar is") }.map { line in
      let root = try ReadJSON.object(Array(line.utf8))
      return ["level", "component", "problem"].map { root[$0] as? String ?? "-" }.joined(separator: " ")
    }
  }

  @Test("The component of topics in Avro is watched, even if nothing comes in over it")
  func avro() async throws {
    let stand = Stand {
      $0.ownPubsub = "pubsub-own"
      ($0.avroTopics, $0.avroPubsub) = (["mastery.results"], "pubsub-avro")
    }
    stand.sidecar.describe { metadata in
      metadata.runtimeVersion = "1.18.3"
      metadata.subscriptions = Self.subscribed
      metadata.resiliencies = ["mastery-engine"]
      metadata.components.removeAll { $0.name == "pubsub-avro" }
    }
    let missing = try await Self.found(stand)
    #expect(missing.map { "\($0.component) \($0.problem)" } == ["pubsub-avro missing"])
    stand.sidecar.describe { $0.components.append(Component(name: "pubsub-avro", type: "pubsub.redis")) }
    stand.clock.step(5_000)
    let stray = try await Self.found(stand)
    #expect(stray.map { "\($0.component) \($0.problem)" } == ["pubsub-avro wrong_kind"], "\(stray)")
  }

  @Test("A sidecar that has all components, capabilities, subscriptions and a policy is not warned of")
  func well() async throws {
    let stand = Self.stand()
    for _ in 0..<10 {
      #expect(try await Self.found(stand).isEmpty)
      stand.clock.step(5_000)
    }
    #expect(stand.lines.all.isEmpty)
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    let problems = samples.filter { $0.key.hasPrefix("mastery_component_problems{") }
    // Four of the store, five of each pub/sub component.
    #expect(problems.count == 14 && problems.values.allSatisfy { $0 == 0 })
  }

  @Test("Each thing that is wrong is found by the component's name, alone, and with what follows from it")
  func each() async throws {
    let cases: [(change: @Sendable (inout SidecarMetadata) -> Void, component: String, problem: String, words: [String])] = [
      ({ $0.components.removeAll { $0.name == "statestore" } }, "statestore", "missing", []),
      ({ $0.components[0].type = "pubsub.kafka" }, "statestore", "wrong_kind", ["must be a state store, got pubsub.kafka"]),
      ({ $0.components[0].capabilities = ["TTL", "TRANSACTIONAL"] }, "statestore", "no_etag", []),
      ({ $0.components[0].capabilities = ["ETAG"] }, "statestore", "no_ttl", []),
      ({ $0.components.removeAll { $0.name == "pubsub" } }, "pubsub", "missing", []),
      ({ $0.components[2].type = "state.redis" }, "pubsub-own", "wrong_kind", ["must be a pub/sub component, got state.redis"]),
      (
        { $0.subscriptions.removeAll { ["learning.quiz", "mastery.dlq"].contains($0.topic) } }, "pubsub", "no_subscription",
        ["learning.quiz, mastery.dlq"]
      ),
      // The right topic on the wrong component is no subscription.
      (
        { metadata in
          for index in metadata.subscriptions.indices where metadata.subscriptions[index].topic == "mastery.retry" {
            metadata.subscriptions[index].component = "pubsub"
          }
        }, "pubsub-own", "no_subscription", ["mastery.retry"]
      ),
      (
        { metadata in metadata.subscriptions[2].deadLetterTopic = nil }, "pubsub", "no_dead_letter_topic", ["learning.quiz"]
      ),
    ]
    for (change, component, problem, words) in cases {
      let stand = Self.stand()
      stand.sidecar.describe(change)
      let found = try await Self.found(stand)
      #expect(found.count == 1, "\(found)")
      let first = try #require(found.first)
      #expect(first.component == component && first.problem == problem, "\(found)")
      #expect(first.reason.hasPrefix("component \(component) ") && words.allSatisfy(first.reason.contains), "\(first.reason)")
      let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
      let raised = samples.filter { $0.key.hasPrefix("mastery_component_problems{") && $0.value != 0 }
      #expect(raised == [#"mastery_component_problems{component="\#(component)",problem="\#(problem)"}"#: 1])
    }
  }

  @Test(
    "Without any policy each pub/sub component is warned of, with what its broker does with an event to be retried",
    arguments: [
      ("pubsub.kafka", "holds up its partition"), ("pubsub.redis", "is lost"), ("pubsub.in-memory", "is lost"),
      ("pubsub.rabbitmq", "is lost unless the broker itself delivers it again"),
    ])
  func noPolicy(type: String, end: String) async throws {
    let stand = Self.stand()
    stand.sidecar.describe { metadata in
      metadata.components[1].type = type
      metadata.resiliencies = []
    }
    let found = try await Self.found(stand)
    #expect(found.map { "\($0.component) \($0.problem)" } == ["pubsub no_policy", "pubsub-own no_policy"])
    #expect(found.first?.reason.hasSuffix(end) == true, "\(found)")
  }

  @Test("A sidecar that does not name policies is not accused of having none; one line for each pub/sub component says so")
  func unseen() async throws {
    let stand = Self.stand()
    stand.sidecar.describe { $0.resiliencies = nil }
    for _ in 0..<5 {
      #expect(try await Self.found(stand).isEmpty)
      stand.clock.step(10_000)
    }
    let lines = stand.lines.all
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""level":"info""#) && $0.contains("resiliency policy") }, "\(lines)")
    #expect(["pubsub", "pubsub-own"].allSatisfy { name in lines.contains { $0.contains(#""component":"\#(name)""#) } })
  }

  @Test("What lasts is warned of once, and its end is told once; what is over within a moment is not told")
  func once() async throws {
    let stand = Self.stand()
    func lose() { stand.sidecar.describe { $0.components.removeAll { $0.name == "pubsub" } } }
    func regain() { stand.sidecar.describe { $0.components.append(Component(name: "pubsub", type: "pubsub.kafka")) } }
    lose()
    _ = try await Self.found(stand)
    regain()
    stand.clock.step(2_000)
    #expect(try await Self.found(stand).isEmpty)
    #expect(try Self.told(stand).isEmpty)

    lose()
    for _ in 0..<20 {
      stand.clock.step(2_500)
      _ = try await Self.found(stand)
    }
    #expect(try Self.told(stand) == ["warning pubsub missing"])
    regain()
    for _ in 0..<5 {
      stand.clock.step(2_500)
      _ = try await Self.found(stand)
    }
    #expect(try Self.told(stand) == ["warning pubsub missing", "info pubsub missing"])
    lose()
    for _ in 0..<5 {
      stand.clock.step(2_500)
      _ = try await Self.found(stand)
    }
    #expect(try Self.told(stand).count == 3)
  }

  @Test("While the sidecar does not answer, nothing is known, and nothing that was told counts as over")
  func silent() async throws {
    let stand = Self.stand()
    stand.sidecar.describe { $0.components.removeAll { $0.name == "pubsub" } }
    for _ in 0..<3 {
      _ = try await Self.found(stand)
      stand.clock.step(5_000)
    }
    stand.sidecar.always(.failed(.unreachable("refused"))) { _ in true }
    #expect(await stand.service.components.findings(CallContext()) == nil)
    stand.clock.step(5_000)
    stand.sidecar.recover()
    #expect(try await Self.found(stand).count == 1)
    #expect(try Self.told(stand) == ["warning pubsub missing"])
  }

  @Test("However often it is asked, the sidecar is asked every two seconds at most, and every 30 s by the watch alone")
  func rate() async throws {
    let stand = Self.stand()
    func asked() -> Int { stand.sidecar.calls.count { if case .other("metadata") = $0 { true } else { false } } }
    for _ in 0..<1_000 {
      _ = try await Self.found(stand)
      stand.clock.step(20)
    }
    #expect((9...11).contains(asked()))
    let before = asked()
    stand.clock.step(10_000)
    let end = stand.clock.now.adding(milliseconds: 600_000)
    let watch = Task { await stand.service.watchComponents() }
    while stand.clock.now < end { await Task.yield() }
    watch.cancel()
    await watch.value
    #expect((18...25).contains(asked() - before), "\(asked() - before)")
    #expect(stand.clock.pauses.allSatisfy { $0 == 30_000 })
  }
}
