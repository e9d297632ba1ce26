import DaprClient
import HTTPClient
import HTTPServer
import MasteryCore
import Testing
import Tracing
import WireTesting

@testable import MasteryService

@Suite("The trace that goes on to the sidecar")
struct TraceHeaderTests {
  private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  /// The heads of the calls that a request makes over HTTP.
  private func calls(_ fields: [HTTPField], spans: SpanQueue? = nil) async throws -> [HTTPRequestHead] {
    let sidecar = ScriptedApplication { _ in HTTPResponse(status: 500) }
    let (server, http) = (try sidecar.serve(), try HTTPClient())
    var configuration = Configuration()
    configuration.environment = .development
    let client = DaprClient(
      endpoint: "http://127.0.0.1:\(server.port)", stateStore: "s", broker: configuration.broker, apiToken: nil, http: http)
    let service = MasteryService(
      configuration, sidecar: client, runtime: Runtime(now: { Stand.noonTime }, sleep: { _ in }, random: { 0xAB }),
      log: Log(level: .error, format: .json) { _ in }, spans: spans)
    let head = HTTPRequestHead(method: "POST", target: "/mastery/query", fields: fields + [HTTPField("Content-Type", "application/json")])
    #expect(await service.respond(to: HTTPRequest(head: head, body: Array(#"{"student_id":"s-1"}"#.utf8))).status == 503)
    http.stop()
    await server.stop(within: .seconds(1))
    let heads = sidecar.requests.map(\.head)
    #expect(!heads.isEmpty)
    return heads
  }

  @Test("Trace parent, trace state and baggage go on to the sidecar unchanged, with or without a collector where nothing is sampled")
  func unchanged() async throws {
    let unsampled = String(Self.parent.dropLast() + "0")
    for (parent, spans) in [(Self.parent, nil), (unsampled, SpanQueue())] {
      let fields = [
        HTTPField("traceparent", parent), HTTPField("tracestate", "a=b"), HTTPField("tracestate", "c=d"),
        HTTPField("Baggage", "k=v;p, l=w"),
      ]
      for head in try await calls(fields, spans: spans) {
        #expect(head.header("traceparent") == parent && head.header("tracestate") == "a=b,c=d" && head.header("baggage") == "k=v;p, l=w")
      }
    }
  }

  @Test("A sampled call goes out under its own span, in the same trace and with its state")
  func own() async throws {
    let spans = SpanQueue()
    let heads = try await calls([HTTPField("traceparent", Self.parent), HTTPField("tracestate", "a=b")], spans: spans)
    let clients = spans.take().filter { $0.kind == .client }
    #expect(heads.map { $0.header("traceparent") } == clients.map(\.context.traceparent))
    #expect(heads.allSatisfy { $0.header("tracestate") == "a=b" })
  }

  @Test(
    "What is too long or not plain text does not go on to the sidecar",
    arguments: [String(repeating: "x", count: 513), "a=b\r\nX-Injected: 1", "a=\u{e9}", "a\u{0}", "", "a=b\u{7F}", "a=b\tc"])
  func hostile(_ text: String) async throws {
    let fields = [HTTPField("traceparent", Self.parent), HTTPField("tracestate", text), HTTPField("baggage", text)]
    for head in try await calls(fields) {
      #expect(head.header("traceparent") == Self.parent && head.header("tracestate") == nil && head.header("baggage") == nil)
      #expect(head.header("x-injected") == nil)
    }
  }

  @Test("Baggage needs no trace, trace state does")
  func alone() async throws {
    let long = String(repeating: "x", count: 512)
    for head in try await calls([HTTPField("tracestate", "a=b"), HTTPField("baggage", long)]) {
      #expect(head.header("traceparent") == nil && head.header("tracestate") == nil && head.header("baggage") == long)
    }
  }
}
