import Foundation
import HTTPClient
import HTTPServer
import Synchronization
import Testing
import WireTesting

@testable import Tracing

@Suite("Sending spans to a collector")
struct SpanExporterTests {
  /// What an exporter said was lost.
  private final class Losses: Sendable {
    private let state = Mutex<[(spans: Int, reason: String)]>([])
    var all: [(spans: Int, reason: String)] { state.withLock { $0 } }
    func add(_ spans: Int, _ reason: String) { state.withLock { $0.append((spans, reason)) } }
  }

  private static func span(_ name: String = "s") -> Span {
    Span(SpanContext(random: { 1 }), below: nil, name, .server, began: 1, ended: 2)
  }

  private static func names(_ request: HTTPRequest) throws -> [String] {
    let root = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
    let resource = try #require((root?["resourceSpans"] as? [[String: Any]])?.first)
    let scope = try #require((resource["scopeSpans"] as? [[String: Any]])?.first)
    return try #require(scope["spans"] as? [[String: Any]]).compactMap { $0["name"] as? String }
  }

  private static func exporter(_ port: UInt16, _ losses: Losses, _ queue: SpanQueue = SpanQueue(), http: HTTPClient) -> SpanExporter {
    SpanExporter(
      queue, to: "http://127.0.0.1:\(port)/v1/traces", headers: [("Authorization", "Basic c2VjcmV0"), ("x-tenant", "north west")], of: [],
      http: http
    ) { losses.add($0, $1) }
  }

  /// Waits for something that happens soon; a busy machine takes its time.
  private static func eventually(_ isSo: () -> Bool) async -> Bool {
    for _ in 0..<6_000 where !isSo() { try? await Task.sleep(for: .milliseconds(10)) }
    return isSo()
  }

  @Test("Spans go out in batches as soon as there are enough, and the rest at the end, in order")
  func batches() async throws {
    let collector = ScriptedApplication { _ in .text("{}") }
    let (server, http, losses) = (try collector.serve(), try HTTPClient(), Losses())
    let exporter = Self.exporter(server.port, losses, SpanQueue(limit: 100, batch: 4), http: http)
    let running = Task { await exporter.run() }
    for number in 0..<4 { exporter.queue.add(Self.span("\(number)")) }
    #expect(await Self.eventually { collector.requests.count == 1 })
    running.cancel()
    await running.value
    for number in 4..<10 { exporter.queue.add(Self.span("\(number)")) }
    await exporter.finish(within: 600_000)
    #expect(try collector.requests.map(Self.names) == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"]])
    let head = try #require(collector.requests.first?.head)
    #expect(head.method == "POST" && head.target == "/v1/traces" && head.header("content-type") == "application/json")
    let shown = collector.requests.map { ["authorization", "x-tenant"].map($0.head.header) }
    #expect(shown.allSatisfy { $0 == ["Basic c2VjcmV0", "north west"] })
    #expect(losses.all.isEmpty && exporter.queue.dropped == 0)
    http.stop()
    await server.stop(within: .seconds(1))
  }

  @Test("A few spans go out after some seconds")
  func interval() async throws {
    let collector = ScriptedApplication { _ in .text("{}") }
    let (server, http) = (try collector.serve(), try HTTPClient())
    let exporter = Self.exporter(server.port, Losses(), http: http)
    let running = Task { await exporter.run() }
    exporter.queue.add(Self.span("alone"))
    #expect(await Self.eventually { collector.requests.count == 1 })
    #expect(try collector.requests.map(Self.names) == [["alone"]])
    running.cancel()
    await running.value
    http.stop()
    await server.stop(within: .seconds(1))
  }

  @Test("Spans that the collector refuses are sent once, counted and told", arguments: [400, 500, 503])
  func refused(_ status: Int) async throws {
    let collector = ScriptedApplication { _ in HTTPResponse(status: status) }
    let (server, http, losses) = (try collector.serve(), try HTTPClient(), Losses())
    let exporter = Self.exporter(server.port, losses, SpanQueue(limit: 100, batch: 2), http: http)
    for _ in 0..<5 { exporter.queue.add(Self.span()) }
    await exporter.finish(within: 600_000)
    #expect(collector.requests.count == 3 && exporter.queue.dropped == 5)
    // Of the first batch at once, of the others at the very end, or after a minute of silence on a busy machine.
    #expect(losses.all.first?.spans == 2 && losses.all.first?.reason == "the collector answered \(status)")
    #expect(losses.all.reduce(0) { $0 + $1.spans } == 5 && losses.all.count <= 3)
    #expect(losses.all.allSatisfy { !$0.reason.contains("c2VjcmV0") })
    http.stop()
    await server.stop(within: .seconds(1))
  }

  @Test("Spans that the collector left out are counted", arguments: [#""2""#, "2"])
  func partly(_ number: String) async throws {
    let collector = ScriptedApplication { _ in .text(#"{"partialSuccess":{"rejectedSpans":\#(number),"errorMessage":"too old"}}"#) }
    let (server, http, losses) = (try collector.serve(), try HTTPClient(), Losses())
    let exporter = Self.exporter(server.port, losses, http: http)
    for _ in 0..<3 { exporter.queue.add(Self.span()) }
    await exporter.finish(within: 600_000)
    #expect(exporter.queue.dropped == 2 && losses.all.map(\.spans) == [2])
    http.stop()
    await server.stop(within: .seconds(1))
  }

  @Test("Spans for a collector that is down are dropped")
  func down() async throws {
    let (http, losses) = (try HTTPClient(), Losses())
    let exporter = Self.exporter(try reservedPort(), losses, http: http)
    exporter.queue.add(Self.span())
    await exporter.finish(within: 600_000)
    #expect(exporter.queue.dropped == 1 && losses.all.first?.reason.contains("does not answer") == true)
    #expect(losses.all.first?.reason.contains("c2VjcmV0") == false)
    http.stop()
  }

  @Test("While a collector is slow nobody waits who adds a span: what has no room is dropped; and the end has its limit")
  func slow() async throws {
    let listener = RawListener(nil)
    defer { listener.close() }
    let (http, losses) = (try HTTPClient(), Losses())
    let exporter = Self.exporter(listener.port, losses, SpanQueue(limit: 8, batch: 2), http: http)
    let running = Task { await exporter.run() }
    for _ in 0..<2 { exporter.queue.add(Self.span()) }
    // Two are on their way, so eight have room.
    #expect(await Self.eventually { exporter.queue.waiting == 0 })
    for _ in 0..<1_000 { exporter.queue.add(Self.span()) }
    // On a busy machine the first two may have been given up meanwhile.
    #expect(exporter.queue.dropped >= 980 && exporter.queue.waiting <= 8)
    running.cancel()
    await exporter.finish(within: 100)
    #expect(exporter.queue.waiting == 0)
    #expect(exporter.queue.dropped >= 1_000 && losses.all.last?.reason == "the process ended")
    http.stop()
    await running.value
  }
}
