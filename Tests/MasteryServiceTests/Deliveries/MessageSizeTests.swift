import DaprClient
import Foundation
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A message that holds another event")
struct MessageSizeTests {
  /// A broker's limit, as the shipped topics have it.
  private static let limit = 128 << 10

  /// The size of a body if `<`, `>`, `&`, U+2028 and U+2029 are escaped in it too.
  private static func size(_ body: [UInt8]) -> Int {
    let marks = body.count { [0x3C, 0x3E, 0x26].contains($0) }
    let separators = zip(body, body.dropFirst()).count { $0 == 0xE2 && $1 == 0x80 }
    return body.count + 5 * marks + 3 * separators
  }

  /// Bytes of one kind, each of which grows differently.
  private static func payload(_ random: SeededGenerator, most: Int = .max) -> [UInt8] {
    let sizes = [0, 1, 500, 20_000, 40_000, 65_533, 65_535, 65_536, 65_537, 65_539, 90_000, 200_000].filter { $0 <= most }
    let size = sizes[random.draw(0..<sizes.count)]
    let alphabets: [[String]] = [
      ["\u{0}", "\u{1}", "\u{1F}"], ["\""], ["\\"], ["<", ">", "&"], ["\u{2028}", "\u{2029}"], ["é"], ["😀"], ["a", "b", " "], ["\n", "\t"],
      ["a", "\"", "<", "\u{1}", "é", "😀", "\u{2028}", "\u{7F}"],
    ]
    let kind = random.draw(0..<alphabets.count + 1)
    if kind == alphabets.count { return (0..<size).map { _ in UInt8(random.draw(0..<256)) } }
    var bytes: [UInt8] = []
    while bytes.count < size { bytes += Array(alphabets[kind][random.draw(0..<alphabets[kind].count)].utf8) }
    return bytes.count > most ? Array(bytes.prefix(most)) : bytes
  }

  @Test("A deferred event fits the broker and yields the event again, whatever its bytes", arguments: 0..<10 as Range<UInt64>)
  func deferred(block: UInt64) throws {
    for seed in block * 20..<block * 20 + 20 {
      let random = SeededGenerator(seed: seed)
      var facts = DeliveryMetadata()
      if random.once(in: 2) { (facts.envelopeID, facts.envelopeTime) = ("ce-1", Timestamp(milliseconds: Stand.noon - 5)) }
      if random.once(in: 2) { (facts.brokerID, facts.brokerTime) = ("kafka:t:1:2", Timestamp(milliseconds: Stand.noon - 7)) }
      let original = Delivery.Original(bytes: Self.payload(random, most: 65_536), facts: facts)
      var deferrals = Deferrals.none
      for _ in 0...random.draw(0..<9) { deferrals = deferrals.next(isEndless: random.once(in: 2), at: Stand.noonTime).copied }
      let reason = String(repeating: "\u{1}<", count: random.draw(0..<3_000))
      let event = DeferredEvent(
        original, topic: "learning.quiz", deferrals, reason: reason, student: StudentID("s-1"), now: Stand.noonTime)
      let body = event.event.body
      #expect(Self.size(body) < Self.limit, "seed \(seed): \(Self.size(body)) bytes")
      let read = try JSONDocument.parse(body) { (root) throws(Never) in root["data"].flatMap { DeferredEvent($0) } }
      let again = try #require(read, "seed \(seed)")
      #expect(again.original == original.bytes && again.facts == facts, "seed \(seed)")
      #expect(again.topic == event.topic && again.deferrals == event.deferrals && again.reason == event.reason, "seed \(seed)")
      #expect(again.notBefore == event.notBefore && again.queuedAt == event.queuedAt, "seed \(seed)")
    }
  }

  @Test("A failed event fits the broker and keeps the head of the event, whatever its bytes", arguments: 0..<10 as Range<UInt64>)
  func failed(block: UInt64) async throws {
    for seed in block * 20..<block * 20 + 20 {
      let payload = Self.payload(SeededGenerator(seed: seed))
      let stand = Stand()
      let body = Wrapped.envelope(#""data_base64":"\#(Data(payload).base64EncodedString())""#)
      #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
      let letter = try #require(stand.sidecar.published(to: Topic.deadLetters).first)
      #expect(Self.size(letter) < Self.limit, "seed \(seed): \(Self.size(letter)) bytes")
      let failed = try ReadJSON.data(letter)
      let text = try #require(failed["original_payload"] as? String)
      let kept =
        failed["original_payload_encoding"] as? String == "base64" ? [UInt8](try #require(Data(base64Encoded: text))) : Array(text.utf8)
      #expect(failed["original_length"] as? Int == payload.count && payload.starts(with: kept), "seed \(seed)")
      #expect(kept.count == payload.count || (65_532...65_536).contains(kept.count), "seed \(seed): \(kept.count) of \(payload.count)")
    }
  }

  @Test("A failed event fits the broker, whichever of its fields is huge", arguments: ["type", "component", "id", "school"])
  func hugeField(_ field: String) async throws {
    for letter in ["\\u0001", "<", "\\\"", "\u{e9}", "\u{2028}"] {
      let huge = String(repeating: letter, count: 60_000)
      let event =
        switch field {
        case "type": Poison.event(type: "\"\(huge)\"")
        case "component": Poison.event("null", type: #""mastery.calculation.requested""#, more: #","components":{"\#(huge)":1}"#)
        case "school": Poison.event(more: #","metadata":{"school_id":"\#(huge)"}"#)
        default: #"{"event_id":"\#(huge)","event_type":"quiz","timestamp":1,"student_id":"s-1"}"#
        }
      let stand = Stand()
      #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
      let body = try #require(stand.sidecar.published(to: Topic.deadLetters).first)
      #expect(Self.size(body) < Self.limit, "\(field), \(letter): \(Self.size(body)) bytes")
    }
  }

  @Test("An event too large to wait becomes a dead letter by its head")
  func tooLargeToWait() async throws {
    let stand = Stand()
    stand.sidecar.always(.partly(without: ["student:s-1:profile:current_mastery"]), where: \.isLoad)
    let event = Poison.event(more: #","pad":"\#(String(repeating: "x", count: 900_000))""#)
    #expect(await stand.deliver([event, Wrapped.exercise("e-2", of: "s-2")]) == ["0": "SUCCESS", "1": "SUCCESS"])
    #expect(stand.waiting.isEmpty)
    let letter = try #require(stand.sidecar.published(to: Topic.deadLetters).first)
    #expect(Self.size(letter) < Self.limit)
    #expect(try ReadJSON.data(letter)["original_length"] as? Int == event.utf8.count)
  }

  @Test("A student's event whose result the broker never accepts ends as a dead letter, and nobody waits for it")
  func neverTaken() async throws {
    let stand = Stand()
    // A student of so many cohorts that every result is too large.
    _ = await stand.deliver([Wrapped.exercise("e-0", at: "2026-03-01T08:00:00Z", metadata: #"{"cohort_id":"c"}"#)])
    var document = try stand.document(of: "s-1")
    for number in 0..<6_000 { document.ledger.remember(try #require(CohortID("cohort-of-a-long-name-\(number)"))) }
    stand.sidecar.put(StudentDocumentWriter.bytes(of: document), at: "student:s-1:profile:current_mastery")
    stand.sidecar.play { call in
      guard case .publish(_, let events) = call, events.contains(where: { $0.body.count > Self.limit }) else { return .done }
      return .partly(without: Set(events.filter { $0.body.count > Self.limit }.compactMap(\.partitionKey)))
    }
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    let failed = try await stand.giveUp()
    #expect(failed["event_id"] as? String == "e-1" && failed["error_type"] as? String == "processing_error")
  }
}
