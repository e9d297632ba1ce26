import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing
import Tracing

@testable import MasteryService

@Suite("The spans of deliveries")
struct DeliverySpanTests {
  /// A context of a trace of its own.
  private static func parent(_ number: Int, _ flags: String = "01") -> String {
    let digits = String(100 + number)
    return "00-\(String(repeating: "a", count: 29))\(digits)-b7ad6b7169203\(digits)-\(flags)"
  }

  private static func traced(_ number: Int, _ parent: String) -> (id: String, event: String) {
    let event = Wrapped.exercise("e-\(number)", of: "s-\(number)")
    return ("\(number)", Wrapped.envelope(#""traceparent":"\#(parent)","data":\#(event)"#, id: "ce-\(number)"))
  }

  private static func call(_ flags: String = "01") -> [HTTPField] { [HTTPField("traceparent", parent(99, flags))] }

  @Test("A delivery is one span at the root of a trace, linked once with each sampled context, and its calls are below it")
  func links() async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    let bare = ("4", Wrapped.cloudEvent(Wrapped.exercise("e-4", of: "s-4")))
    let refused = ("5", Wrapped.envelope(#""traceparent":"\#(Self.parent(5))","data":{"event_type":"quiz"}"#, id: "ce-5"))
    let entries =
      [Self.traced(1, Self.parent(1)), Self.traced(2, Self.parent(1)), Self.traced(3, Self.parent(3, "00")), bare, refused]
    #expect(await stand.deliver(Array(Wrapped.bulk(entries).utf8), headers: Self.call()).values.allSatisfy { $0 == "SUCCESS" })
    let spans = queue.take()
    let process = try #require(spans.last)
    #expect(process.name == "process learning.completion" && process.kind == .consumer && !process.isFailed)
    #expect(process.parent == nil && process.context.isSampled)
    #expect(process.links.map(\.traceparent) == [Self.parent(1), Self.parent(5), Self.parent(99)] && process.linksLeftOut == 0)
    #expect(!process.links.contains { $0.isInTrace(of: process.context) })
    #expect(
      process.attributes == [
        Span.Attribute("messaging.system", "dapr"), Span.Attribute("messaging.operation.name", "process"),
        Span.Attribute("messaging.operation.type", "process"), Span.Attribute("messaging.destination.name", "learning.completion"),
        Span.Attribute("messaging.batch.message_count", 5),
      ])
    #expect(spans.dropLast().allSatisfy { $0.kind == .client && $0.parent == process.context })
    let names = Set(spans.map(\.name))
    #expect(names.isSuperset(of: ["bulk_get", "save", "publish_bulk mastery.results", "publish_bulk mastery.standings"]), "\(names)")
    let sent = try #require(spans.first { $0.name == "publish_bulk mastery.results" })
    #expect(
      sent.attributes == [
        Span.Attribute("messaging.system", "dapr"), Span.Attribute("messaging.operation.name", "publish_bulk"),
        Span.Attribute("messaging.operation.type", "send"), Span.Attribute("messaging.destination.name", "mastery.results"),
        Span.Attribute("messaging.batch.message_count", 4),
      ])
    // What is published because of an event still has the event's own trace.
    let traces = try stand.sidecar.published.filter { $0.topic == Topic.results }
      .compactMap { try ReadJSON.object($0.event.body)["traceparent"] as? String }
    #expect(traces.sorted() == [Self.parent(1), Self.parent(1), Self.parent(3, "00")].sorted())
  }

  @Test("A delivery of which nothing is sampled makes no span", arguments: [[], call("00")])
  func unsampled(_ headers: [HTTPField]) async {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    let entries = [Self.traced(1, Self.parent(1, "00")), ("2", Wrapped.exercise("e-2", of: "s-2")), Self.traced(3, "00-1-2-01")]
    #expect(await stand.deliver(Array(Wrapped.bulk(entries).utf8), headers: headers).values.allSatisfy { $0 == "SUCCESS" })
    #expect(queue.waiting == 0)
  }

  @Test("A delivery has links of at most 128 contexts, and says how many more there were")
  func many() async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    let entries = (0..<200).map { Self.traced($0, Self.parent($0)) }
    #expect(await stand.deliver(Array(Wrapped.bulk(entries).utf8)).values.allSatisfy { $0 == "SUCCESS" })
    let process = try #require(queue.take().last)
    #expect(process.links.map(\.traceparent) == (0..<128).map { Self.parent($0) } && process.linksLeftOut == 72)
  }

  @Test("A delivery that is to come again is a failed span, single events have no number, and waiting events keep their link")
  func again() async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    let event = Array(Self.traced(1, Self.parent(1)).event.utf8)
    stand.sidecar.always(.failed(.timedOut)) { _ in true }
    #expect(await stand.deliver(event) == ["": "RETRY"])
    let failed = try #require(queue.take().last)
    #expect(failed.isFailed && failed.attributes.contains(Span.Attribute("error.type", "retry")))
    #expect(!failed.attributes.contains { $0.name == "messaging.batch.message_count" })
    // One whose document cannot be read waits by itself.
    stand.sidecar.always(.partly(without: ["student:s-1:profile:current_mastery"]), where: \.isLoad)
    #expect(await stand.deliver(event) == ["": "SUCCESS"])
    #expect(queue.take().last?.isFailed == false)
    stand.sidecar.recover()
    stand.clock.step(1_000)
    #expect(await stand.deliver(try #require(stand.waiting.first), to: Topic.retry) == ["": "SUCCESS"])
    let retried = try #require(queue.take().last)
    #expect(retried.name == "process mastery.retry" && retried.links.map(\.traceparent) == [Self.parent(1)])
  }

  @Test(
    "Deliveries of the engine's own topics are spans too",
    arguments: [Topic.standings, Topic.erasures, Topic.deadLetters, "mastery.batch.high"])
  func own(_ topic: String) async throws {
    let queue = SpanQueue()
    let stand = Stand(spans: queue)
    let message = Wrapped.envelope(#""traceparent":"\#(Self.parent(1))","data":{}"#)
    #expect(await stand.deliver(Array(message.utf8), to: topic) == ["": "SUCCESS"])
    let process = try #require(queue.take().last)
    #expect(process.name == "process \(topic)" && process.links.map(\.traceparent) == [Self.parent(1)])
  }
}
