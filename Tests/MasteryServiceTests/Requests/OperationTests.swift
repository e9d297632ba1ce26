import DaprClient
import HTTPServer
import Simulation
import Testing

@testable import MasteryService

@Suite("What operators and the sidecar ask")
struct OperationTests {
  @Test("liveness, in all its places", arguments: ["/health", "/healthz", "/api/v1/health", "/api/v1/healthz"])
  func health(_ path: String) async {
    let stand = Stand()
    stand.sidecar.always(.failed(.timedOut)) { _ in true }
    let response = await stand.ask("GET", path)
    #expect(response.status == 200 && response.text.contains("status"))
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("name, version and environment")
  func about() async {
    let expected = #"{"name":"mastery-engine","version":"\#(ServiceVersion.current)","environment":"development"}"#
    #expect(await Stand().ask("GET", "/").text == expected)
  }

  @Test("readiness reads the store, and looks at what was published lately")
  func ready() async throws {
    let stand = Stand()
    func dependencies() async throws -> (status: Int, text: String) {
      let response = await stand.ask("GET", "/ready")
      let root = try ReadJSON.object(response.body)
      return (response.status, try ReadJSON.canonical(root["dependencies"] ?? ""))
    }
    #expect(try await dependencies().status == 503)
    stand.service.started()
    let up = #"{"dapr":"up","pubsub":"up","state_store":"up"}"#
    #expect(try await dependencies() == (200, up))
    #expect(stand.sidecar.calls.contains { $0.isLoad })

    stand.sidecar.always(.failed(.failed(status: 500, code: "ERR", message: "away")), where: \.isLoad)
    #expect(try await dependencies() == (503, #"{"dapr":"up","pubsub":"up","state_store":"down"}"#))
    stand.sidecar.always(.partly(without: ["ready:probe"]), where: \.isLoad)
    #expect(try await dependencies() == (503, #"{"dapr":"up","pubsub":"up","state_store":"down"}"#))
    stand.sidecar.always(.failed(.unreachable("refused"))) { if case .other = $0 { true } else { false } }
    #expect(try await dependencies() == (503, #"{"dapr":"down","pubsub":"up","state_store":"up"}"#))

    stand.sidecar.always(.failed(.timedOut), where: \.isPublish)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    stand.sidecar.recover()
    #expect(try await dependencies() == (503, #"{"dapr":"up","pubsub":"down","state_store":"up"}"#))
    stand.clock.step(9_000)
    #expect(try await dependencies().status == 503)
    stand.clock.step(1_500)
    #expect(try await dependencies() == (200, up))
    stand.service.stopping()
    #expect(try await dependencies().status == 503)
  }

  @Test("readiness notices a broker that refuses what is ingested")
  func readyAfterIngest() async {
    let stand = Stand()
    stand.service.started()
    stand.sidecar.always(.failed(.timedOut), where: \.isPublish)
    let body = #"{"event_type":"quiz","student_id":"s","data":{"total_questions":2,"correct_answers":1}}"#
    #expect(await stand.ask("POST", "/mastery/ingest", body).status == 503)
    #expect(await stand.ask("GET", "/ready").status == 503)
  }

  @Test("readiness of the process alone asks no dependency")
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

  @Test("subscriptions: the event topics, the one for replays, the engine's own results and work, in bulk, dead letters behind each")
  func subscriptions() async throws {
    let stand = Stand { $0.eventTopics = ["learning.quiz", "mastery.requests"] }
    let response = await stand.ask("GET", "/dapr/subscribe")
    let list = #"{"list":"# + response.text + "}"
    let entries = try #require(try ReadJSON.object(list)["list"] as? [[String: Any]])
    let batches = ["low", "normal", "high"].map { "mastery.batch.\($0)" }
    let own = ["mastery.dlq", "mastery.erasures", "mastery.results"] + batches
    #expect(entries.map { $0["topic"] as? String } == ["learning.quiz", "mastery.requests", "mastery.retry"] + own)
    for entry in entries {
      let isOwn = ["mastery.dlq", "mastery.erasures"].contains(entry["topic"] as? String)
      #expect(entry["pubsubname"] as? String == "pubsub" && entry["deadLetterTopic"] as? String == (isOwn ? nil : "mastery.dlq"))
      #expect((entry["bulkSubscribe"] as? [String: Any])?["enabled"] as? Bool == true)
      let route = try #require(entry["route"] as? String)
      let head = HTTPRequestHead(method: "POST", target: route)
      guard case .accept(let limit) = stand.service.admit(head) else {
        Issue.record("\(route) is not admitted")
        continue
      }
      // What is larger is taken apart while it comes in.
      #expect(limit == 2 << 20 && stand.service.bodyReader(for: head) != nil)
    }
  }

  @Test("metrics in the Prometheus text format, counting what happened")
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
    #expect(samples[#"mastery_requests_total{intent="mastery_query",status="200"}"#] == 1)
    #expect(samples[#"mastery_requests_total{intent="mastery_query",status="404"}"#] == 1)
    #expect(!response.text.contains("nothing"))
  }

  @Test(
    "a correlation id is the caller's where it is one, else new",
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
