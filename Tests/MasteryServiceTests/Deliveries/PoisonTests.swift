import DaprClient
import Foundation
import Simulation
import Testing

@testable import MasteryService

@Suite("A poison event")
struct PoisonTests {
  @Test("A poison event goes to the dead letters with its error, and harms no neighbour", arguments: Poison.refused)
  func refused(_ poison: Poison) async throws {
    let stand = Stand()
    let good = [Wrapped.exercise("e-1", of: "a"), poison.event, Wrapped.exercise("e-2", of: "b")]
    #expect(await stand.deliver(good) == ["0": "SUCCESS", "1": "SUCCESS", "2": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:a:profile:current_mastery", "student:b:profile:current_mastery"])
    let letters = stand.sidecar.published(to: "mastery.dlq")
    #expect(letters.count == 1)
    let envelope = try ReadJSON.object(try #require(letters.first))
    let failed = try ReadJSON.data(try #require(letters.first))
    #expect(envelope["type"] as? String == "FailedEvent")
    #expect(envelope["id"] as? String == failed["event_id"] as? String)
    #expect(failed["error_type"] as? String == "validation_error")
    #expect((failed["error_message"] as? String)?.contains(poison.message) == true, "\(failed["error_message"] ?? "")")
    #expect(failed["original_topic"] as? String == "learning.completion")
    #expect(failed["retry_count"] as? Int == 0)
    #expect(failed["failed_at"] as? String == "2026-03-15T12:00:00Z")
    #expect(stand.sidecar.published.first { $0.topic == "mastery.dlq" }?.event.contentType == "application/cloudevents+json")
  }

  @Test("The dead letter of a poison event keeps what is known of it, so a replay is the same event")
  func whatIsKnown() async throws {
    let stand = Stand()
    let event = Poison.event("{}", more: #","metadata":{"school_id":"north"}"#)
    #expect(await stand.deliver(Array(Wrapped.cloudEvent(event).utf8), to: "mastery.retry") == ["": "SUCCESS"])
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["event_id"] as? String == "bad-1")
    #expect(failed["student_id"] as? String == "s-1")
    #expect(failed["school_id"] as? String == "north")
    #expect(failed["original_event_type"] as? String == "exercise.completed")
    #expect(failed["original_time"] as? String == "2026-03-10T08:00:00Z")
    #expect(failed["original_payload"] as? String == event)
    #expect(failed["original_length"] as? Int == event.utf8.count)
    #expect(failed["retry_count"] as? Int == 1)
    #expect(stand.sidecar.published.first { $0.topic == "mastery.dlq" }?.event.partitionKey == "s-1")
  }

  /// Payloads, the encoding in which they are kept, and their SHA-256 by `sha256sum`.
  private static let payloads: [(bytes: [UInt8], encoding: String, digest: String)] = [
    (Array("plain words".utf8), "utf-8", "fcfb09747001a6e80d289a03381a059d7771bc472c6320851e9371c009e36781"),
    (Array("{nope".utf8), "utf-8", "26b8317cfd9d065b7325a6ff3e6260dc62890ecf626448028a14a23fd6c1e04c"),
    ([0x00, 0xFF, 0x01] + Array("binary".utf8), "base64", "775efa48b17d85b736dcd885c3b45e67e5f939cf119f7b82a8b0b09e35f43a18"),
    ([UInt8](repeating: 0x80, count: 70_000), "base64", "c5ab66350517cf2e97c5ed8f4b045fe85dd336531cefa5751a7d4bbd062dd3a6"),
    (
      Array(#"{"pad":"\#(String(repeating: "\u{e9}", count: 40_000))"}"#.utf8), "utf-8",
      "8642ea84c721e629ad55bb1b407f7c3b225f9cab8466fb82d4477a1e111a9ea1"
    ),
  ]

  @Test("The dead letter of a poison event keeps its payload, length and digest", arguments: payloads.indices)
  func payload(_ index: Int) async throws {
    let (bytes, encoding, digest) = Self.payloads[index]
    let stand = Stand()
    let body = Wrapped.envelope(#""data_base64":"\#(Data(bytes).base64EncodedString())""#)
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["original_payload_encoding"] as? String == encoding)
    #expect(failed["original_length"] as? Int == bytes.count)
    #expect(failed["original_sha256"] as? String == digest)
    let payload = try #require(failed["original_payload"] as? String)
    let kept = encoding == "base64" ? [UInt8](try #require(Data(base64Encoded: payload))) : Array(payload.utf8)
    #expect(kept.count == min(bytes.count, 65_536) || (kept.count < 65_536 && kept.count > 65_532 && bytes.count > 65_536))
    #expect(Array(bytes.prefix(kept.count)) == kept)
  }

  /// Events that make a whole bulk body unreadable.
  private static let unreadable: [(name: String, event: [UInt8])] = [
    ("invalid UTF-8", Array(#"{"student_id":""#.utf8) + [0xFF, 0xC0] + Array(#""}"#.utf8)),
    ("a number beyond all numbers", Array(#"{"event_id":"x","data":{"total_exercises":1e999}}"#.utf8)),
    ("ten thousand brackets", Array((String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)).utf8)),
    ("ten thousand objects", Array((String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000)).utf8)),
    ("a control character in a text", Array("{\"a\":\"x\u{1}y\"}".utf8)),
    ("a word that is none", Array(#"{"a":nul}"#.utf8)),
  ]

  @Test("A poison event that makes the whole delivery unreadable harms no neighbour", arguments: unreadable.map(\.name), [true, false])
  func wholeBody(_ name: String, isWrapped: Bool) async throws {
    let poison = try #require(Self.unreadable.first { $0.name == name }).event
    let mark = "@@"
    let inner = isWrapped ? Wrapped.cloudEvent("\"\(mark)\"", id: "poison") : "\"\(mark)\""
    let text = Wrapped.bulk([
      ("a", Wrapped.cloudEvent(Wrapped.exercise("e-1", of: "a"))), ("x", inner), ("b", Wrapped.exercise("e-2", of: "b")),
    ])
    let parts = text.components(separatedBy: "\"\(mark)\"")
    let body = Array(parts[0].utf8) + poison + Array(parts[1].utf8)
    let stand = Stand()
    #expect(await stand.deliver(body) == ["a": "SUCCESS", "x": "SUCCESS", "b": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:a:profile:current_mastery", "student:b:profile:current_mastery"])
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["original_length"] as? Int == poison.count)
    let payload = try #require(failed["original_payload"] as? String)
    let isText = failed["original_payload_encoding"] as? String == "utf-8"
    #expect(isText ? Array(payload.utf8) == poison : Data(base64Encoded: payload) == Data(poison))
    #expect((failed["error_message"] as? String)?.contains("JSON") == true)
  }

  @Test("A poison event in base64 does not disturb the reading of the delivery", arguments: unreadable.map(\.name))
  func inText(_ name: String) async throws {
    let poison = try #require(Self.unreadable.first { $0.name == name }).event
    let stand = Stand()
    let event = Wrapped.envelope(#""data_base64":"\#(Data(poison).base64EncodedString())""#)
    let body = Wrapped.bulk([("x", event), ("a", Wrapped.exercise("e"))])
    #expect(await stand.deliver(Array(body.utf8)) == ["x": "SUCCESS", "a": "SUCCESS"])
    let failed = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.dlq").first))
    #expect(failed["original_length"] as? Int == poison.count)
  }

  @Test("A poison event has the same dead letter id at each delivery")
  func sameID() async throws {
    let stand = Stand()
    for _ in 0..<2 { #expect(await stand.deliver(Array(#"{"a":1}"#.utf8)) == ["": "SUCCESS"]) }
    let ids = try stand.sidecar.published(to: "mastery.dlq").map { try ReadJSON.object($0)["id"] as? String }
    #expect(ids.count == 2 && ids[0] == ids[1] && ids[0] != nil)
  }

  @Test("The dead letter of a poison event fits the broker, whatever is huge in it", arguments: ["id", "type", "component", "quotes"])
  func fits(_ what: String) async throws {
    let huge = String(repeating: what == "type" ? "e\u{301}\u{301}\u{301}\u{301}" : "\\u0001", count: 400_000)
    let body =
      switch what {
      case "id": Wrapped.cloudEvent(#"{"a":1}"#, id: huge)
      case "type": Wrapped.cloudEvent(Poison.event(type: "\"e\(String(repeating: "\u{301}", count: 900_000))\""))
      case "component":
        Wrapped.cloudEvent(Poison.event("null", type: #""mastery.calculation.requested""#, more: #","components":{"\#(huge)":1}"#))
      default: Wrapped.cloudEvent("\"\(huge)\"")
      }
    let stand = Stand()
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    // A broker accepts 1 MiB.
    let letter = try #require(stand.sidecar.published(to: "mastery.dlq").first)
    #expect(letter.count < 1 << 20)
    #expect(throws: Never.self) { try ReadJSON.data(letter) }
  }

  @Test("A poison event is not acknowledged before the dead letters have it")
  func brokerDown() async throws {
    let stand = Stand()
    stand.sidecar.play { call in
      if case .publish("mastery.dlq", _) = call { .failed(.failed(status: 500, code: "ERR", message: "down")) } else { .done }
    }
    let events = [Wrapped.exercise("e-1", of: "a"), #"{"a":1}"#]
    #expect(await stand.deliver(events) == ["0": "SUCCESS", "1": "RETRY"])
    stand.sidecar.recover()
    #expect(await stand.deliver([events[1]]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: "mastery.dlq").count == 1)
  }
}
