import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("An event that waits on mastery.retry")
struct WaitingRoomTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let waits: [Int64] = [1_000, 5_000, 30_000, 120_000, 600_000]
  private static let failing = Fate.partly(without: [key])
  private static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  /// Deliveries of one event in all its envelopes, with the request's headers.
  private static let forms: [(name: String, body: String, headers: [HTTPField])] = {
    let bare = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":10,"correct_answers":5}}"#
    let kafka = #"{"__topic":"learning.quiz","__partition":"3","__offset":"42","__timestamp":"1773129600000","__key":"s-1"}"#
    let head = [
      HTTPField("__topic", "learning.quiz"), HTTPField("__partition", "3"), HTTPField("__offset", "42"),
      HTTPField("__timestamp", "1773129600000"),
    ]
    let traced =
      #""traceparent":"\#(trace)","tracestate":"a=b,c=d","baggage":"k=v","datacontenttype":"application/json","data":\#(bare)"#
    return [
      ("its own id and time", Wrapped.cloudEvent(Wrapped.exercise("e-1")), []),
      ("id and time of the CloudEvent", Wrapped.cloudEvent(bare, id: "ce-7", time: "2026-03-10T08:00:00.5Z"), []),
      ("an id of the CloudEvent that is no event's", Wrapped.cloudEvent(bare, id: String(repeating: "long id ", count: 40)), []),
      ("Kafka's position and time, singly", bare, head),
      ("Kafka's position and time, in bulk", Wrapped.bulk([("a", bare)], metadata: kafka), []),
      ("base64 around it", Wrapped.envelope(#""data_base64":"\#(Wrapped.base64(bare))""#, id: "fresh", time: nil, source: "Dapr"), head),
      ("a JSON string around it", Wrapped.envelope(#""data":\#(Wrapped.quoted(Wrapped.exercise("e-1")))"#), []),
      ("a trace", Wrapped.envelope(traced), []),
      ("letters beyond ASCII", Wrapped.cloudEvent(Wrapped.exercise("e-1", metadata: #"{"source":"é\u2028<&>\"\\"}"#)), []),
    ]
  }()

  @Test("An event that waits on mastery.retry is tried after 1 s, 5 s, 30 s, 2 min and 10 min, and then becomes a dead letter")
  func wholeLife() async throws {
    let stand = Stand()
    let events = [Wrapped.exercise("e-1", metadata: #"{"school_id":"north"}"#), Wrapped.exercise("e-2", of: "s-2")]
    let failing = "school:north:\(Self.key)"
    stand.sidecar.always(.partly(without: [failing]), where: \.isLoad)
    #expect(await stand.deliver(events, to: "learning.quality") == ["0": "SUCCESS", "1": "SUCCESS"])
    for (index, wait) in Self.waits.enumerated() {
      let waiting = try ReadJSON.data(try #require(stand.waiting.last))
      #expect(waiting["event_type"] as? String == "event.deferred" && waiting["retry_count"] as? Int == index + 1)
      let now = stand.clock.now.milliseconds
      #expect(waiting["not_before"] as? Int64 == now + wait && waiting["queued_at"] as? Int64 == now)
      #expect((waiting["reason"] as? String)?.contains("no answer") == true)
      // A millisecond before, it is not even read, whether it stays or goes to the end.
      stand.clock.step(wait - 1)
      let (loads, count) = (stand.sidecar.calls.count(where: \.isLoad), stand.waiting.count)
      let isBack = wait > 2_000
      #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": isBack ? "SUCCESS" : "RETRY"])
      #expect(stand.sidecar.calls.count(where: \.isLoad) == loads && stand.waiting.count == count + (isBack ? 1 : 0))
      stand.clock.step(1)
      #expect(stand.sidecar.published(to: Topic.deadLetters).isEmpty)
      #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
      #expect(stand.sidecar.calls.count(where: \.isLoad) > loads)
    }
    let letter = try #require(stand.sidecar.published.first { $0.topic == Topic.deadLetters })
    let failed = try ReadJSON.data(letter.event.body)
    #expect(failed["event_id"] as? String == "e-1" && failed["error_type"] as? String == "processing_error")
    #expect(failed["retry_count"] as? Int == 5 && failed["original_topic"] as? String == "learning.quality")
    #expect(failed["original_payload"] as? String == events[0] && failed["original_time"] as? String == "2026-03-10T08:00:00Z")
    #expect((failed["error_message"] as? String)?.contains("tried 6 times") == true && letter.event.partitionKey == "s-1")
    #expect(stand.sidecar.published.filter { $0.topic == Topic.retry }.allSatisfy { $0.event.partitionKey == "s-1" })
    #expect(stand.sidecar.stored(failing) == nil)
  }

  @Test("A waiting event stays the same event: its effect is what it would be at that time, byte for byte", arguments: forms.indices)
  func sameEvent(_ form: Int) async throws {
    let (name, body, headers) = Self.forms[form]
    for waits in 1...5 {
      let stand = Stand()
      stand.sidecar.always(Self.failing, where: \.isLoad)
      #expect(await stand.deliver(Array(body.utf8), to: "learning.quiz", headers: headers).values.allSatisfy { $0 == "SUCCESS" })
      for (index, wait) in Self.waits.prefix(waits).enumerated() {
        stand.clock.step(wait)
        if index == waits - 1 { stand.sidecar.recover() }
        #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"], "\(name)")
      }
      let direct = Stand(at: stand.clock.now.milliseconds)
      #expect(await direct.deliver(Array(body.utf8), to: "learning.quiz", headers: headers).values.allSatisfy { $0 == "SUCCESS" })
      let stored = try #require(stand.sidecar.stored(Self.key), "\(name): nothing is stored")
      #expect(stored.value == direct.sidecar.stored(Self.key)?.value, "\(name)")
      for topic in [Topic.results, Topic.events, Topic.paths, Topic.standings] {
        #expect(stand.sidecar.published(to: topic) == direct.sidecar.published(to: topic), "\(name), \(topic)")
      }
    }
  }

  @Test("A waiting event that is put back is the same message except for its number and the time")
  func putBack() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    let traced = Self.forms.first { $0.name == "a trace" }
    _ = await stand.deliver(Array(try #require(traced).body.utf8))
    stand.clock.step(1_000)
    _ = await stand.deliver(try #require(stand.waiting.last), to: Topic.retry)
    let before = try #require(stand.waiting.last)
    stand.clock.step(2_500)
    #expect(await stand.deliver(before, to: Topic.retry) == ["": "SUCCESS"])
    let after = try #require(stand.waiting.last)
    var (old, new) = (try ReadJSON.data(before), try ReadJSON.data(after))
    #expect(new["queued_at"] as? Int64 == stand.clock.now.milliseconds)
    #expect(old["copies"] as? Int == 2 && new["copies"] as? Int == 3)
    for name in ["queued_at", "copies", "event_id", "timestamp"] { (old[name], new[name]) = (nil, nil) }
    #expect(try ReadJSON.canonical(old) == ReadJSON.canonical(new))
    let envelope = try ReadJSON.object(after)
    #expect(envelope["traceparent"] as? String == Self.trace && envelope["tracestate"] as? String == "a=b,c=d")
    #expect(envelope["baggage"] as? String == "k=v")
  }

  @Test("An outage does not count as a try of a waiting event", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let waiting = try #require(stand.waiting.last)
    stand.sidecar.always(.failed(outage.failure)) { _ in true }
    for _ in 0..<20 {
      stand.clock.step(60_000)
      #expect(await stand.deliver(waiting, to: Topic.retry) == ["": "RETRY"])
    }
    #expect(stand.waiting.count == 1 && stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    stand.sidecar.recover()
    #expect(await stand.deliver(waiting, to: Topic.retry) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
  }

  @Test("An event that is to wait is not acknowledged before the broker has it")
  func brokerDown() async throws {
    let stand = Stand()
    stand.sidecar.play { call in
      if call.publishes(to: Topic.retry) { return .failed(.failed(status: 500, code: "ERR", message: "down")) }
      return call.isLoad ? Self.failing : .done
    }
    #expect(await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]) == ["0": "RETRY", "1": "SUCCESS"])
    stand.sidecar.always(Self.failing, where: \.isLoad)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    stand.clock.step(1_000)
    let waiting = try #require(stand.waiting.last)
    stand.sidecar.recover()
    stand.sidecar.always(.failed(.timedOut)) { $0.isPublish }
    #expect(await stand.deliver(waiting, to: Topic.retry) == ["": "RETRY"])
  }

  @Test("A waiting event of one student among a thousand costs the others nothing")
  func oneAmongThousand() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    let events = (0..<1_000).map { Wrapped.exercise("g-\($0)", of: "good-\($0)") } + [Wrapped.exercise("e-1")]
    let statuses = await stand.deliver(events)
    #expect(statuses.count == 1_001 && statuses.values.allSatisfy { $0 == "SUCCESS" })
    #expect(stand.waiting.count == 1 && stand.sidecar.published(to: Topic.results).count == 1_000)
    #expect(stand.clock.pauses.isEmpty)
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(PrometheusText.events("deferred", in: samples) == 1)
  }

  @Test("Any other event that is sent to mastery.retry is tried at once")
  func replayed() async throws {
    let stand = Stand()
    #expect(await stand.deliver(Array(Wrapped.exercise("e-1").utf8), to: Topic.retry) == ["": "SUCCESS"])
    #expect(await stand.deliver([Wrapped.exercise("e-2", of: "s-2")], to: Topic.retry) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 1 && stand.document(of: "s-2").ledger.revision == 1)
    // An event that fails begins to wait.
    stand.sidecar.always(Self.failing, where: \.isLoad)
    #expect(await stand.deliver([Wrapped.exercise("e-3")], to: Topic.retry) == ["0": "SUCCESS"])
    #expect(try ReadJSON.data(try #require(stand.waiting.last))["retry_count"] as? Int == 1)
  }

  @Test("A refused event waits while its student's document cannot be read, and then is a dead letter as it came")
  func refused() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    #expect(await stand.deliver([Wrapped.exercise("e-1", completed: 11)]) == ["0": "SUCCESS"])
    #expect(stand.waiting.count == 1 && stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    stand.clock.step(1_000)
    stand.sidecar.recover()
    #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: Topic.deadLetters).first))
    #expect(failed["error_type"] as? String == "validation_error" && failed["retry_count"] as? Int == 1)
  }
}
