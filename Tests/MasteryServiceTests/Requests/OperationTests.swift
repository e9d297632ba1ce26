import DaprClient
import HTTPServer
import Simulation
import Testing

@testable import MasteryService

@Suite("Requests of operators and of the sidecar")
struct OperationTests {
  @Test(
    "Liveness is answered on all its paths, even if the sidecar is down",
    arguments: ["/health", "/healthz", "/api/v1/health", "/api/v1/healthz"])
  func health(_ path: String) async {
    let stand = Stand()
    stand.sidecar.always(.failed(.timedOut)) { _ in true }
    let response = await stand.ask("GET", path)
    #expect(response.status == 200 && response.text.contains("status"))
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("The root path answers with name, version and environment")
  func about() async {
    let expected = #"{"name":"mastery-engine","version":"\#(ServiceVersion.current)","environment":"development"}"#
    #expect(await Stand().ask("GET", "/").text == expected)
  }

  @Test(
    "Events and standings are subscribed in bulk and all else singly, the engine's own topics over its own component if there is one",
    arguments: [nil, "own-pubsub"])
  func subscriptions(own: String?) async throws {
    let stand = Stand {
      $0.eventTopics = ["learning.quiz", "mastery.requests"]
      ($0.eventBatch, $0.eventBatchWait, $0.ownPubsub) = (700, 40, own)
    }
    let response = await stand.ask("GET", "/dapr/subscribe")
    let list = #"{"list":"# + response.text + "}"
    let entries = try #require(try ReadJSON.object(list)["list"] as? [[String: Any]])
    let ownSingle = ["mastery.retry", "mastery.erasures"] + ["low", "normal", "high"].map { "mastery.batch.\($0)" }
    let bulk = ["learning.quiz": [700, 40], "mastery.requests": [700, 40], "mastery.standings": [1_000, 2_000]]
    let topics = entries.compactMap { $0["topic"] as? String }
    #expect(Set(topics) == Set(bulk.keys).union(ownSingle).union(["mastery.dlq"]))
    #expect(topics.count == Set(topics).count)
    for entry in entries {
      let topic = try #require(entry["topic"] as? String)
      let isOwn = topic == "mastery.standings" || ownSingle.contains(topic)
      #expect(entry["pubsubname"] as? String == (isOwn ? own ?? "pubsub" : "pubsub"), "\(topic)")
      let batch = entry["bulkSubscribe"] as? [String: Any]
      #expect((batch?["enabled"] as? Bool) == (bulk[topic] == nil ? nil : true), "\(topic)")
      #expect([batch?["maxMessagesCount"], batch?["maxAwaitDurationMs"]].compactMap { $0 as? Int } == bulk[topic] ?? [], "\(topic)")
      // Broken messages of any of them end in the dead letters, which are delivered raw, whatever they are.
      let isLast = topic == "mastery.dlq"
      #expect(entry["deadLetterTopic"] as? String == (isLast ? nil : "mastery.dlq"), "\(topic)")
      #expect(entry["metadata"] as? [String: String] == (isLast ? ["rawPayload": "true"] : nil), "\(topic)")
      let route = try #require(entry["route"] as? String)
      let head = HTTPRequestHead(method: "POST", target: route)
      guard case .accept(let acceptance) = stand.service.admit(head) else {
        Issue.record("\(route) is not admitted")
        continue
      }
      // Larger bodies are split while they arrive.
      #expect(acceptance.bodyLimit == 2 << 20 && stand.service.bodyReader(for: head) != nil)
    }
  }

  @Test("Metrics are in the Prometheus text format and count what happens")
  func metrics() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1"), #"{"a":1}"#])
    _ = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#)
    _ = await stand.ask("POST", "/mastery/query", #"{"student_id":"nobody"}"#)
    _ = await stand.ask("POST", "/nothing\"here", "{}")
    let response = await stand.ask("GET", "/metrics")
    #expect(response.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
    let samples = try PrometheusText.samples(response.text)
    #expect(samples[#"mastery_events_total{outcome="folded"}"#] == 1)
    #expect(samples[#"mastery_events_total{outcome="refused"}"#] == 1)
    #expect(samples[#"mastery_events_refused_total{reason="missing_field"}"#] == 1)
    #expect(samples["process_start_time_seconds"] == Double(Stand.noon) / 1_000)
    #expect(samples[#"mastery_requests_total{intent="mastery_query",status="200"}"#] == 1)
    #expect(samples[#"mastery_requests_total{intent="mastery_query",status="404"}"#] == 1)
    #expect(!response.text.contains("nothing"))
  }

  @Test(
    "A correlation id is the caller's if it is valid, and otherwise new",
    arguments: [
      ([HTTPField("X-Correlation-ID", "a-1"), HTTPField("X-Request-ID", "b-2")], "a-1"), ([HTTPField("X-Request-ID", "b-2")], "b-2"),
      ([HTTPField("x-correlation-id", "low")], "low"), ([HTTPField("X-Correlation-ID", "a b")], nil),
      ([HTTPField("X-Correlation-ID", String(repeating: "x", count: 129))], nil), ([], nil),
    ])
  func correlation(_ fields: [HTTPField], _ expected: String?) async throws {
    let stand = Stand()
    let head = HTTPRequestHead(method: "POST", target: "/mastery/query", fields: fields)
    let response = await stand.service.answer(HTTPRequest(head: head, body: Array("{}".utf8)))
    let id = try #require(response.header("X-Correlation-ID"))
    #expect(expected.map { $0 == id } ?? (id.count == 36 && Array(id)[14] == "4"))
    let meta = try #require(try ReadJSON.object(response.body)["meta"] as? [String: Any])
    #expect(meta["correlation_id"] as? String == id)
    #expect(stand.lines.all.contains { $0.contains(#""correlation_id":"\#(id)""#) && $0.contains(#""status_code":400"#) })
  }
}
