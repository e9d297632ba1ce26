import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The trace of an event")
struct EventTraceTests {
  private static func parent(_ number: Int) -> String { "00-\(String(repeating: "\(number)", count: 32))-b7ad6b7169203331-01" }

  private static func traced(_ event: String, _ number: Int, more: String = "") -> String {
    Wrapped.envelope(
      #""traceparent":"\#(parent(number))","tracestate":"vendor=\#(number)","baggage":"user=\#(number)","data":\#(event)"#,
      id: "ce-\(number)")
  }

  /// The traces of what was published, by student.
  private static func traces(_ stand: Stand, _ topic: String) throws -> [String: [String]] {
    try stand.sidecar.published.filter { $0.topic == topic }.reduce(into: [:]) { traces, said in
      let envelope = try ReadJSON.object(said.event.body)
      let own = ["traceparent", "tracestate", "baggage"].map { envelope[$0] as? String ?? "-" }
      // A sidecar checks the id alone before it keeps a publisher's trace.
      #expect(envelope["traceid"] as? String == envelope["traceparent"] as? String)
      traces[said.event.partitionKey ?? "", default: []].append(own.joined(separator: " "))
    }
  }

  private static func expected(_ number: Int) -> [String] { ["\(parent(number)) vendor=\(number) user=\(number)"] }

  @Test("The trace of an event goes on in everything published for it: five events of one delivery, five traces")
  func five() async throws {
    let stand = Stand()
    stand.sidecar.always(.partly(without: ["student:s-5:profile:current_mastery"]), where: \.isLoad)
    let wrong = Wrapped.exercise("e-4", of: "s-4", completed: 11)
    let events = (1...3).map { Wrapped.exercise("e-\($0)", of: "s-\($0)") } + [wrong, Wrapped.exercise("e-5", of: "s-5")]
    let entries = events.enumerated().map { (id: "\($0.offset)", event: Self.traced($0.element, $0.offset + 1)) }
    // The call that delivers them has a trace of its own, which is none of theirs.
    let head = [HTTPField("traceparent", Self.parent(9))]
    let statuses = await stand.deliver(Array(Wrapped.bulk(entries).utf8), headers: head)
    #expect(statuses.count == 5 && statuses.values.allSatisfy { $0 == "SUCCESS" })
    let three = Dictionary(uniqueKeysWithValues: (1...3).map { ("s-\($0)", Self.expected($0)) })
    for topic in [Topic.results, Topic.events, Topic.paths] { #expect(try Self.traces(stand, topic) == three, "\(topic)") }
    #expect(try Self.traces(stand, Topic.deadLetters) == ["s-4": Self.expected(4)])
    #expect(try Self.traces(stand, Topic.retry) == ["s-5": Self.expected(5)])
    // The events that waited keep it too.
    stand.sidecar.recover()
    stand.clock.step(1_000)
    #expect(await stand.deliver(try #require(stand.waiting.first), to: Topic.retry) == ["": "SUCCESS"])
    for topic in [Topic.results, Topic.events, Topic.paths] {
      #expect(try Self.traces(stand, topic)["s-5"] == Self.expected(5), "\(topic)")
    }
  }

  @Test("The trace of an event is read from the message's metadata if no envelope has one")
  func metadata() async throws {
    let stand = Stand()
    let metadata = #"{"traceparent":"\#(Self.parent(1))","tracestate":"vendor=1","baggage":"user=1"}"#
    let body = Wrapped.bulk(
      [("a", Wrapped.exercise("e-1")), ("b", Self.traced(Wrapped.exercise("e-2", of: "s-2"), 2))], metadata: metadata)
    #expect(await stand.deliver(Array(body.utf8)) == ["a": "SUCCESS", "b": "SUCCESS"])
    #expect(try Self.traces(stand, Topic.results) == ["s-1": Self.expected(1), "s-2": Self.expected(2)])
  }

  @Test("The trace of an event waits in the outbox with its announcement")
  func outbox() async throws {
    let stand = Stand()
    stand.sidecar.always(.failed(.timedOut)) { $0.publishes(to: Topic.events) }
    #expect(await stand.deliver(Array(Self.traced(Wrapped.exercise("e-1"), 1).utf8)) == ["": "RETRY"])
    stand.sidecar.recover()
    let other = Stand(sidecar: stand.sidecar, seed: 2)
    #expect(await other.deliver(Array(Self.traced(Wrapped.exercise("e-2", at: "2026-03-11T08:00:00Z"), 2).utf8)) == ["": "SUCCESS"])
    #expect(try Self.traces(stand, Topic.events) == ["s-1": Self.expected(1)])
  }

  @Test(
    "An invalid trace is left out, and so are parts of it that are too long or not text",
    arguments: [
      (#""traceparent":"00-0-0-0""#, "- - -"), (#""traceparent":"","tracestate":"a=b""#, "- - -"),
      (#""tracestate":"a=b","baggage":"c=d""#, "- - -"),
      (#""traceparent":"00-00000000000000000000000000000000-0000000000000000-00""#, "- - -"),
      (#""traceparent":"PARENT","tracestate":"LONG","baggage":"c=d""#, "PARENT - c=d"),
      (#""traceparent":"PARENT","tracestate":"a\n","baggage":"é""#, "PARENT - -"),
      (#""traceparent":"PARENT","tracestate":"","baggage":7"#, "PARENT - -"),
    ])
  func bad(_ attributes: String, _ expected: String) async throws {
    let stand = Stand()
    let given = attributes.replacing("PARENT", with: Self.parent(1)).replacing("LONG", with: String(repeating: "x", count: 513))
    let body = Wrapped.envelope(#"\#(given),"data":\#(Wrapped.exercise("e-1"))"#)
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(try Self.traces(stand, Topic.results) == ["s-1": [expected.replacing("PARENT", with: Self.parent(1))]])
  }
}
