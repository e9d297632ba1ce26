import DaprClient
import HTTPServer
import Metrics
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

  @Test("A topic of events is subscribed through its component, and the dead letters of all of them through the shared one alone")
  func spread() async throws {
    let stand = Stand {
      $0.eventTopics = ["learning.quiz", "learning.quality", "mastery.requests"]
      $0.eventPubsubs = ["learning.quiz": "pubsub-quiz", "learning.quality": "pubsub-quality"]
      $0.ownPubsub = "pubsub-own"
    }
    let list = #"{"list":"# + (await stand.ask("GET", "/dapr/subscribe")).text + "}"
    let entries = try #require(try ReadJSON.object(list)["list"] as? [[String: Any]])
    let components = entries.compactMap { entry in
      (entry["topic"] as? String).flatMap { topic in
        (entry["pubsubname"] as? String).map { (topic, $0) }
      }
    }
    #expect(components.count == Set(components.map(\.0)).count)
    let byTopic = Dictionary(uniqueKeysWithValues: components)
    #expect(byTopic["learning.quiz"] == "pubsub-quiz" && byTopic["learning.quality"] == "pubsub-quality")
    #expect(byTopic["mastery.requests"] == "pubsub" && byTopic["mastery.dlq"] == "pubsub" && byTopic["mastery.retry"] == "pubsub-own")
    // Whichever component delivers it, a message that breaks is buried.
    for entry in entries where entry["topic"] as? String != "mastery.dlq" {
      #expect(entry["deadLetterTopic"] as? String == "mastery.dlq")
    }
  }

  @Test("A topic of events in Avro is subscribed singly on its component, and the sidecar is told to decode it")
  func avro() async throws {
    let stand = Stand {
      ($0.avroTopics, $0.avroPubsub) = (["learning.quiz", "mastery.results"], "pubsub-avro")
    }
    let list = #"{"list":"# + (await stand.ask("GET", "/dapr/subscribe")).text + "}"
    let entries = try #require(try ReadJSON.object(list)["list"] as? [[String: Any]])
    let quiz = try #require(entries.first { $0["topic"] as? String == "learning.quiz" })
    #expect(
      try ReadJSON.canonical(quiz)
        == #"{"deadLetterTopic":"mastery.dlq","metadata":{"valueSchemaType":"Avro"},"pubsubname":"pubsub-avro","#
        + #""route":"/events/learning.quiz","topic":"learning.quiz"}"#)
    // Nothing else is in Avro, and what only goes out is not subscribed.
    #expect(entries.count { ($0["metadata"] as? [String: String])?["valueSchemaType"] != nil } == 1)
    #expect(!entries.contains { $0["topic"] as? String == "mastery.results" })
    #expect(entries.first { $0["topic"] as? String == "learning.quality" }?["bulkSubscribe"] != nil)
    // It comes singly, in one form or the other.
    for (id, course) in [("e-1", #""c""#), ("e-2", #"{"string":"c"}"#)] {
      let event =
        #"{"event_id":"\#(id)","event_type":"quiz.completed","timestamp":1773576000000000,"student_id":"s-1","course_id":\#(course),"#
        + #""total_questions":10,"correct_answers":8,"time_spent":1.2345678e+07}"#
      #expect(await stand.deliver(Array(event.utf8), to: "learning.quiz") == ["": "SUCCESS"])
    }
    #expect(stand.sidecar.published(to: "mastery.results").count == 2 && stand.sidecar.published(to: "mastery.dlq").isEmpty)
  }

  @Test("An ingested event goes to a topic in JSON, since on one in Avro it would hold up its partition")
  func ingestBesideAvro() async throws {
    let body = #"{"event_type":"quiz.completed","student_id":"s-1","data":{"total_questions":10,"correct_answers":9}}"#
    for (avro, topic) in [
      (["learning.quiz"], "learning.quality"), (["learning.quality"], "learning.quiz"),
      (["learning.quiz", "learning.quality"], "mastery.retry"),
    ] {
      let stand = Stand {
        $0.eventTopics = ["learning.quality", "learning.quiz"]
        ($0.avroTopics, $0.avroPubsub) = (avro, "pubsub-avro")
      }
      #expect(await stand.ask("POST", "/mastery/ingest", body).status < 300)
      #expect(stand.sidecar.published(to: topic).count == 1, "\(topic)")
      #expect(await stand.redeliver(topic) == ["SUCCESS"])
      #expect(stand.sidecar.published(to: "mastery.results").count == 1)
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
    #expect(PrometheusText.events("folded", in: samples) == 1)
    #expect(PrometheusText.events("refused", in: samples) == 1)
    #expect(samples[#"mastery_events_refused_total{reason="missing_field"}"#] == 1)
    #expect(samples["process_start_time_seconds"] == Double(Stand.noon) / 1_000)
    #expect(samples[#"mastery_requests_total{intent="mastery_query",status="200"}"#] == 1)
    #expect(samples[#"mastery_requests_total{intent="mastery_query",status="404"}"#] == 1)
    #expect(!response.text.contains("nothing"))
    #expect(samples[#"mastery_events_total{outcome="folded",type="completion"}"#] == 1)
    #expect(samples[#"mastery_events_total{outcome="refused",type="unknown"}"#] == 1)
    #expect(samples[#"mastery_events_refused_by_source_total{source="unnamed"}"#] == 1)
    #expect(samples[#"mastery_dead_letters_total{cause="refused"}"#] == 1)
    #expect(samples[#"mastery_folds_total{result="saved"}"#] == 1 && samples[#"mastery_folds_total{result="given_up"}"#] == 0)
    #expect(samples["mastery_event_result_duration_seconds_count"] == 1 && samples["mastery_event_lag_seconds_count"] == 1)
    #expect(samples[#"mastery_request_duration_seconds_count{intent="mastery_query"}"#] == 2)
    #expect(samples[#"mastery_sidecar_calls_total{call="save",status="ok"}"#] == 1)
    #expect(samples[#"mastery_ready{dependency="state_store"}"#] == 1)
    #expect(samples["mastery_requests_in_flight"] == 0 && samples["mastery_deliveries_in_flight"] == 0)
    let declared = MasteryService.metricDeclarations
    let shown = response.text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.dropFirst("# TYPE ".count) }
    #expect(shown.map(String.init) == declared.map { "\($0.name) \($0.kind.rawValue)" })
  }

  @Test("Durations in OpenMetrics name the trace of one that took so long")
  func exemplars() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let asked = HTTPRequestHead(
      method: "POST", target: "/mastery/query",
      fields: [HTTPField("Content-Type", "application/json"), HTTPField("traceparent", "00-\(trace)-b7ad6b7169203331-01")])
    #expect(await stand.service.answer(HTTPRequest(head: asked, body: Array(#"{"student_id":"s-1"}"#.utf8))).status == 200)
    let head = HTTPRequestHead(
      method: "GET", target: "/metrics", fields: [HTTPField("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")])
    let response = await stand.service.answer(HTTPRequest(head: head, body: []))
    #expect(response.header("Content-Type") == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    let line = response.text.split(separator: "\n").first { $0.contains("# {trace_id=\"\(trace)\"}") }
    #expect(line?.hasPrefix(#"mastery_request_duration_seconds_bucket{intent="mastery_query",le="#) == true)
    #expect(response.text.hasSuffix("\n# EOF\n"))
  }

  @Test("Refused events count under their source, of which there are at most 32")
  func sources() async throws {
    let stand = Stand()
    for number in 0..<40 { _ = await stand.deliver([#"{"metadata":{"source":"system-\#(number)"}}"#]) }
    _ = await stand.deliver([#"{"metadata":{"source":"system-3"}}"#])
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples[#"mastery_events_refused_by_source_total{source="system-3"}"#] == 2)
    #expect(samples[#"mastery_events_refused_by_source_total{source="other"}"#] == 8)
    #expect(samples.keys.count { $0.hasPrefix("mastery_events_refused_by_source_total") } == 33)
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
