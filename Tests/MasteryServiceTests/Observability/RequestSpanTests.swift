import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing
import Tracing

@testable import MasteryService

@Suite("The spans of requests")
struct RequestSpanTests {
  private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  private static let sampled = HTTPField("traceparent", parent)

  private static func value(_ name: String, of span: Span) -> Span.Value? { span.attributes.first { $0.name == name }?.value }

  @Test("A sampled request is a span below its caller's, and each call to the sidecar one below that")
  func tree() async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    #expect(queue.waiting == 0)
    #expect(await stand.ask("POST", "/api/v1/mastery/query", #"{"student_id":"s-1"}"#, [Self.sampled]).status == 200)
    let spans = queue.take()
    let server = try #require(spans.last)
    #expect(server.name == "POST /mastery/query" && server.kind == .server && !server.isFailed)
    #expect(server.parent?.traceparent == Self.parent && server.context.traceID == "0af7651916cd43dd8448eb211c80319c")
    #expect(
      server.attributes == [
        Span.Attribute("http.request.method", "POST"), Span.Attribute("url.scheme", "http"),
        Span.Attribute("url.path", "/api/v1/mastery/query"), Span.Attribute("http.response.status_code", 200),
        Span.Attribute("http.route", "/mastery/query"),
      ])
    #expect(server.began == Stand.noon * 1_000_000 && server.ended >= server.began)
    #expect(spans.count > 1)
    for call in spans.dropLast() {
      #expect(call.kind == .client && call.parent == server.context && call.context.isInTrace(of: server.context))
      #expect(Self.value("db.system.name", of: call) == .text("dapr") && Self.value("db.operation.name", of: call) == .text(call.name))
    }
    #expect(Set(spans.map(\.context)).count == spans.count)
  }

  @Test(
    "A request whose parent is not sampled, or that has none, makes no span and draws no chance",
    arguments: [
      [HTTPField("traceparent", String(parent.dropLast() + "0"))], [], [HTTPField("traceparent", String("01" + parent.dropFirst(2)))],
      [HTTPField("traceparent", parent + "\r\nX: y")], [HTTPField("traceparent", parent.uppercased())],
    ])
  func unsampled(_ fields: [HTTPField]) async {
    let queue = SpanQueue()
    var ids: [String?] = []
    for spans in [queue, nil] {
      let stand = Stand(spans: spans)
      _ = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, fields)
      _ = await stand.ask("GET", "/nowhere", "", fields)
      let head = HTTPRequestHead(method: "GET", target: "/")
      ids.append(await stand.service.respond(to: HTTPRequest(head: head, body: [])).header("X-Correlation-ID"))
    }
    #expect(queue.waiting == 0 && ids[0] == ids[1] && ids[0] != nil)
  }

  @Test("A request that fails is a failed span, as is the call that failed")
  func failed() async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    stand.sidecar.always(.failed(.timedOut)) { _ in true }
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [Self.sampled]).status == 503)
    let spans = queue.take()
    let server = try #require(spans.last)
    #expect(server.isFailed && Self.value("error.type", of: server) == .text("503"))
    #expect(Self.value("http.response.status_code", of: server) == .integer(503))
    let call = try #require(spans.first)
    #expect(call.isFailed && Self.value("error.type", of: call) == .text("timeout"))
  }

  @Test("Neither the values in a path nor an unknown path or method leave the service with a span")
  func redacted() async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    for (method, target) in [("GET", "/cohorts/secret/summary"), ("GET", "/secret"), ("SECRET", "/mastery/query"), ("GET", "/ready")] {
      _ = await stand.ask(method, target, "", [Self.sampled])
    }
    let spans = queue.take().filter { $0.kind == .server }
    #expect(spans.map(\.name) == ["GET /cohorts/{cohort_id}/summary", "GET", "HTTP /mastery/query", "GET /ready"])
    let paths = spans.map { Self.value("url.path", of: $0) }
    #expect(paths == ["/cohorts/{cohort_id}/summary", "REDACTED", "/mastery/query", "/ready"].map { .text($0) })
    #expect(spans.map { Self.value("http.response.status_code", of: $0) } == [404, 404, 405, 503].map { .integer($0) })
    // What the caller did wrong is no failure of the service.
    #expect(spans.map(\.isFailed) == [false, false, false, true])
    #expect(Self.value("http.request.method", of: spans[2]) == .text("_OTHER"))
  }

  @Test("The spans that were dropped are counted")
  func dropped() async throws {
    let queue = SpanQueue(limit: 1)
    let stand = Stand(spans: queue)
    for _ in 0..<3 { _ = await stand.ask("GET", "/", "", [Self.sampled]) }
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples["mastery_spans_dropped_total"] == 2)
  }
}
