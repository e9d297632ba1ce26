import DaprClient
import HTTPServer
import Simulation
import Testing
import WireTesting

@testable import MasteryService

@Suite("Readiness of the service")
struct ReadinessTests {
  private struct Ready: Hashable {
    var status: Int
    var dependencies: String
    var reasons: [String] = []
  }

  private static func dependencies(_ dapr: String, _ store: String, _ pubsub: String) -> String {
    #"{"dapr":"\#(dapr)","pubsub":"\#(pubsub)","state_store":"\#(store)"}"#
  }
  private static let allUp = Ready(status: 200, dependencies: dependencies("up", "up", "up"))

  /// A service that has started, and whose sidecar has asked for its subscriptions.
  private static func stand(token: String? = nil, asked: Bool = true, own: String? = nil, events: [String: String] = [:]) async -> Stand {
    let stand = Stand {
      $0.appToken = token
      $0.ownPubsub = own
      $0.eventPubsubs = events
    }
    stand.service.started()
    if asked { _ = await subscribe(stand, token: token) }
    return stand
  }

  private static func subscribe(_ stand: Stand, token: String?) async -> Int {
    await stand.ask("GET", "/dapr/subscribe", "", token.map { [HTTPField("dapr-api-token", $0)] } ?? []).status
  }

  private func ready(_ stand: Stand) async throws -> Ready {
    let response = await stand.ask("GET", "/ready")
    let root = try ReadJSON.object(response.body)
    let reasons = root["reasons"] as? [String]
    #expect((root["status"] as? String) == (response.status == 200 ? "ready" : "not_ready"))
    #expect((reasons == nil) == (response.status == 200))
    return Ready(
      status: response.status, dependencies: try ReadJSON.canonical(root["dependencies"] ?? ""), reasons: reasons ?? [])
  }

  private static let away = SidecarFailure.failed(status: 500, code: "ERR", message: "away")

  @Test("However many ask at once, the dependencies are asked a few times, and who asks later gets a new answer")
  func shared() async throws {
    let stand = await Self.stand()
    let before = stand.sidecar.calls.count
    let gate = WireTesting.Gate()
    stand.sidecar.play { call in
      if call.isLoad { await gate.pass() }
      return .done
    }
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<500 { group.addTask { await stand.ask("GET", "/ready").status } }
      for _ in 0..<1_000 { await Task.yield() }
      gate.open()
      for await status in group { #expect(status == 200) }
    }
    #expect((1...3).contains(stand.sidecar.calls.dropFirst(before).count(where: \.isLoad)))
    stand.sidecar.recover()
    stand.sidecar.cannotRead(.timedOut)
    let response = await stand.ask("GET", "/ready")
    #expect(response.status == 503 && response.header("Retry-After") == "2")
  }

  @Test("A service is ready once it has started, reads its store, and was asked for its subscriptions")
  func up() async throws {
    let stand = Stand()
    #expect(await Self.subscribe(stand, token: nil) == 200)
    #expect(try await ready(stand).reasons.contains { $0.contains("not started") })
    stand.service.started()
    #expect(try await ready(stand) == Self.allUp)
    #expect(stand.sidecar.calls.contains { $0.isLoad })
    #expect(!stand.sidecar.calls.contains { $0.isPublish })
    stand.service.stopping()
    #expect(try await ready(stand).reasons == ["the service is stopping"])
  }

  @Test("A store that does not answer is reported as down, whether the whole call fails or only the key")
  func store() async throws {
    let stand = await Self.stand()
    for fate in [Fate.failed(Self.away), .partly(without: ["ready:probe"])] {
      stand.sidecar.always(fate, where: \.isLoad)
      let found = try await ready(stand)
      #expect(found.status == 503 && found.dependencies == Self.dependencies("up", "down", "up"))
      #expect(found.reasons == ["the state store does not answer"])
    }
    stand.sidecar.recover()
    #expect(try await ready(stand) == Self.allUp)
  }

  @Test("While the sidecar is down, the state of store and broker is unknown")
  func sidecar() async throws {
    let stand = await Self.stand()
    stand.sidecar.always(.failed(.unreachable("refused"))) { _ in true }
    let found = try await ready(stand)
    #expect(found.status == 503 && found.dependencies == Self.dependencies("down", "unknown", "unknown"))
    #expect(found.reasons == ["the sidecar does not answer"])
  }

  @Test("A broker that failed stays down until it accepts a message, and is probed at most every two seconds")
  func broker() async throws {
    let stand = await Self.stand()
    stand.sidecar.always(.failed(.timedOut), where: \.isPublish)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    let down = Self.dependencies("up", "up", "down")
    #expect(try await ready(stand).dependencies == down)
    for _ in 0..<100 {
      stand.clock.step(1_000)
      #expect(try await ready(stand).dependencies == down)
    }
    #expect((49...51).contains(stand.sidecar.calls.count { $0.publishes(to: "mastery.probe") }))
    stand.sidecar.recover()
    #expect(try await ready(stand).status == 503, "the next probe is not due yet")
    stand.clock.step(2_000)
    #expect(try await ready(stand) == Self.allUp)
    #expect(stand.sidecar.published.filter { $0.topic == "mastery.probe" }.count == 1)
  }

  @Test("A successful publish ends the broker's failure too, without a probe")
  func published() async throws {
    let stand = await Self.stand()
    stand.sidecar.always(.failed(.timedOut), where: \.isPublish)
    let body = #"{"event_type":"quiz","student_id":"s","data":{"total_questions":2,"correct_answers":1}}"#
    #expect(await stand.ask("POST", "/mastery/ingest", body).status == 503)
    stand.sidecar.recover()
    #expect(await stand.ask("POST", "/mastery/ingest", body).status == 202)
    #expect(try await ready(stand) == Self.allUp)
    #expect(!stand.sidecar.calls.contains { $0.publishes(to: "mastery.probe") })
  }

  @Test("Each of the two components is probed by itself, and one that works says nothing of the other")
  func components() async throws {
    let stand = await Self.stand(own: "pubsub-own")
    stand.sidecar.always(.failed(Self.away)) { $0.publishes(to: "mastery.batch.normal") || $0.publishes(to: "mastery.probe.own") }
    #expect(await stand.ask("POST", "/batch/mastery", #"{"requests":[{"student_id":"s-1"}],"async":true}"#).status == 503)
    let body = #"{"event_type":"quiz","student_id":"s","data":{"total_questions":2,"correct_answers":1}}"#
    #expect(await stand.ask("POST", "/mastery/ingest", body).status == 202)
    #expect(try await ready(stand).reasons == ["the broker does not take what is published through pubsub-own"])
    #expect(stand.sidecar.calls.contains { $0.publishes(to: "mastery.probe.own") })
    #expect(!stand.sidecar.calls.contains { $0.publishes(to: "mastery.probe") })
  }

  @Test("A pub/sub component that the sidecar has lost is reported by name although nothing is published, and no longer once it is back")
  func lostBroker() async throws {
    let stand = await Self.stand(own: "pubsub-own")
    #expect(try await ready(stand) == Self.allUp)
    for name in ["pubsub", "pubsub-own"] {
      stand.sidecar.describe { $0.components.removeAll { $0.name == name } }
      stand.clock.step(2_000)
      let found = try await ready(stand)
      #expect(found.status == 503 && found.dependencies == Self.dependencies("up", "up", "down"))
      #expect(found.reasons.count == 1 && found.reasons[0].hasPrefix("component \(name) is missing: "), "\(found.reasons)")
      let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
      #expect(samples[#"mastery_ready{dependency="pubsub"}"#] == 0)
      stand.sidecar.describe { $0.components.append(SidecarMetadata.Component(name: name, type: "pubsub.redis")) }
      stand.clock.step(2_000)
      #expect(try await ready(stand) == Self.allUp)
    }
    #expect(!stand.sidecar.calls.contains { $0.isPublish })
  }

  @Test("A component of another kind counts as lost, and a sidecar that does not describe itself is not suspected")
  func lostOrSilent() async throws {
    let stand = await Self.stand()
    stand.sidecar.describe { $0.components = [$0.components[0], SidecarMetadata.Component(name: "pubsub", type: "bindings.kafka")] }
    #expect(try await ready(stand).reasons == ["component pubsub must be a pub/sub component, got bindings.kafka"])
    stand.sidecar.always(.failed(Self.away)) { if case .other("metadata") = $0 { true } else { false } }
    stand.clock.step(2_000)
    #expect(try await ready(stand) == Self.allUp)
  }

  @Test("A state store that fails because the sidecar has lost its component is reported with the component's name")
  func lostStore() async throws {
    let stand = await Self.stand()
    stand.sidecar.describe { $0.components.removeAll { $0.name == "statestore" } }
    stand.sidecar.always(.failed(Self.away), where: \.isLoad)
    let found = try await ready(stand)
    #expect(found.dependencies == Self.dependencies("up", "down", "up"))
    #expect(found.reasons.count == 1 && found.reasons[0].hasPrefix("the state store does not answer: component statestore is missing"))
  }

  @Test("The component of an event topic is probed through itself, and named by itself")
  func eventComponents() async throws {
    let stand = await Self.stand(own: "pubsub-own", events: ["learning.quiz": "pubsub-quiz"])
    stand.sidecar.has(["pubsub": "pubsub.kafka", "pubsub-own": "pubsub.kafka", "pubsub-quiz": "pubsub.kafka"])
    let body = #"{"event_type":"quiz","student_id":"s","data":{"total_questions":2,"correct_answers":1}}"#
    stand.sidecar.always(.failed(Self.away)) { $0.publishes(to: "learning.quiz") || $0.publishes(to: "mastery.probe") }
    #expect(await stand.ask("POST", "/mastery/ingest", body).status == 503)
    // Results go through the shared component, which takes them.
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    #expect(try await ready(stand).reasons == ["the broker does not take what is published through pubsub-quiz"])
    stand.sidecar.recover()
    stand.clock.step(2_000)
    #expect(try await ready(stand) == Self.allUp)
    #expect(stand.sidecar.published.filter { $0.topic.hasPrefix("mastery.probe") }.map(\.component) == ["pubsub-quiz"])
  }

  @Test("A component of an event topic that is missing, or of another type than the shared one, is named")
  func misplacedComponent() async throws {
    let stand = await Self.stand(events: ["learning.quiz": "pubsub-quiz"])
    for (components, reason) in [
      (["pubsub": "pubsub.kafka"], "component pubsub-quiz is missing: "),
      (["pubsub-quiz": "pubsub.kafka"], "component pubsub is missing: "),
      (
        ["pubsub": "pubsub.kafka", "pubsub-quiz": "pubsub.in-memory"],
        "component pubsub-quiz must be on the brokers of pubsub, pubsub.kafka, got pubsub.in-memory"
      ),
    ] {
      stand.sidecar.has(components)
      stand.clock.step(2_000)
      let found = try await ready(stand)
      #expect(found.status == 503 && found.reasons.count == 1 && found.reasons[0].hasPrefix(reason), "\(found.reasons)")
    }
    stand.sidecar.has(["pubsub": "pubsub.kafka", "pubsub-quiz": "pubsub.kafka"])
    stand.clock.step(2_000)
    #expect(try await ready(stand) == Self.allUp)
  }

  @Test("A sidecar that refuses the service's token is reported with 401 and the token, in /ready, the log and a metric")
  func turnedAway() async throws {
    let stand = await Self.stand()
    stand.sidecar.always(.failed(.unauthorized("invalid api token"))) { if case .other("isReady") = $0 { false } else { true } }
    for _ in 0..<30 {
      let found = try await ready(stand)
      #expect(found.status == 503 && found.dependencies == Self.dependencies("down", "unknown", "unknown"))
      #expect(found.reasons.count == 1 && found.reasons[0].contains("401") && found.reasons[0].contains("DAPR_API_TOKEN"))
      stand.clock.step(1_000)
    }
    let warnings = stand.lines.all.filter { $0.contains(#""level":"warning""#) && $0.contains("401") && $0.contains("DAPR_API_TOKEN") }
    // One at once, then one in ten seconds.
    #expect(warnings.count == 3)
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(try #require(samples[#"mastery_sidecar_unauthorized_total{direction="out"}"#]) >= 30)
    #expect(samples[#"mastery_sidecar_unauthorized_total{direction="in"}"#] == 0)
    stand.sidecar.recover()
    #expect(try await ready(stand) == Self.allUp)
  }

  @Test("Any other answer of the sidecar shows that the service's token is right, even that of a failing store")
  func letIn() async throws {
    let stand = await Self.stand()
    stand.sidecar.always(.failed(.unauthorized("invalid api token")), where: \.isLoad)
    #expect(try await ready(stand).dependencies == Self.dependencies("down", "unknown", "unknown"))
    stand.sidecar.always(.failed(Self.away), where: \.isLoad)
    #expect(try await ready(stand).dependencies == Self.dependencies("up", "down", "up"))
  }

  @Test("A service is not ready until the sidecar asks /dapr/subscribe with the right token")
  func awaited() async throws {
    let stand = await Self.stand(token: "right", asked: false)
    #expect(try await ready(stand).reasons.contains { $0.contains("/dapr/subscribe") && $0.contains("APP_API_TOKEN") })
    for wrong in [nil, "wrong"] {
      #expect(await Self.subscribe(stand, token: wrong) == 401)
      let found = try await ready(stand)
      #expect(found.status == 503 && found.reasons.contains { $0.contains("APP_API_TOKEN") })
    }
    let warnings = stand.lines.all.filter { $0.contains(#""level":"warning""#) && $0.contains("APP_API_TOKEN") }
    #expect(warnings.count == 1, "two refusals in a moment make one line")
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples[#"mastery_sidecar_unauthorized_total{direction="in"}"#] == 2)
    #expect(await Self.subscribe(stand, token: "right") == 200)
    #expect(try await ready(stand) == Self.allUp)
  }

  @Test("A sidecar that returns with another token makes the service not ready again, and a stranger's call does not")
  func rotated() async throws {
    let stand = await Self.stand(token: "right")
    #expect(await Self.subscribe(stand, token: "rotated") == 401)
    // The simulated sidecar reports no subscriptions, like one that was refused.
    #expect(try await ready(stand).reasons.contains { $0.contains("APP_API_TOKEN") })
    let topics = stand.service.subscriptions.all.map(\.topic)
    stand.sidecar.subscribed(topics)
    #expect(try await ready(stand) == Self.allUp)
    stand.sidecar.subscribed(Array(topics.dropLast()))
    #expect(try await ready(stand).status == 503)
  }

  @Test("A sidecar that asked a former process does not ask again, so its existing subscriptions count")
  func restarted() async throws {
    let stand = await Self.stand(token: "right", asked: false)
    stand.sidecar.subscribed(stand.service.subscriptions.all.map(\.topic))
    #expect(try await ready(stand) == Self.allUp)
    // Unless its deliveries come with another token.
    let head = HTTPRequestHead(method: "POST", target: "/events/learning.quiz", fields: [HTTPField("dapr-api-token", "old")])
    guard case .refuse(let response) = stand.service.admit(head) else {
      Issue.record("a delivery with another token is admitted")
      return
    }
    #expect(response.status == 401)
    #expect(try await ready(stand).status == 503)
  }

  @Test("Readiness of the process alone asks no dependency")
  func process() async {
    let stand = Stand()
    stand.sidecar.always(.failed(.timedOut)) { _ in true }
    #expect(await stand.ask("GET", "/ready?scope=process").status == 503)
    stand.service.started()
    #expect(await stand.ask("GET", "/ready?scope=process").status == 200)
    #expect(stand.sidecar.calls.isEmpty)
    stand.service.stopping()
    #expect(await stand.ask("GET", "/ready?scope=process").status == 503)
  }
}
