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
      #expect(limit == 32 << 20)
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
    #expect(samples["process_start_time_seconds"] == Double(Stand.noon) / 1_000)
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
