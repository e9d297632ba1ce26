import DaprClient
import Foundation
import HTTPServer
import Simulation
import Testing

@testable import MasteryService

@Suite("A delivery that is split while it arrives")
struct LargeDeliveryTests {
  private static let pad = String(repeating: "x", count: 2_000_000)

  /// An oversized event inside a CloudEvent, with its members in the sidecar's order.
  private static let large =
    #"{"data":{"pad":"\#(pad)","student_id":"s-9","event_id":"big-1","event_type":"quiz.completed","#
    + #""timestamp":"2026-03-10T08:00:00Z","metadata":{"school_id":"north"}},"id":"ce-9","specversion":"1.0","source":"tests"}"#
  /// The same, by `sha256sum`.
  private static let largeDigest = "8afb753a16207e37fd7207ba51058a47d1e264fd613b69b6745f3f8750874d38"

  private static func letters(_ stand: Stand) throws -> [[String: Any]] {
    try stand.sidecar.published(to: "mastery.dlq").map { try ReadJSON.data($0) }
  }

  @Test("A recorded bulk delivery has the same effect split as whole", arguments: [1, 100, 1 << 20])
  func asRecorded(pieces: Int) async throws {
    let callbacks = RecordedCallbackTests.Callback.all.filter { String(decoding: $0.bytes, as: UTF8.self).contains(#""entries":["#) }
    #expect(callbacks.count > 30)
    for callback in callbacks {
      let (whole, split) = (Stand(at: RecordedCallbackTests.recordedHour), Stand(at: RecordedCallbackTests.recordedHour))
      let headers = callback.request.headers.map { HTTPField($0[0], $0[1]) }
      let statuses = await whole.deliver(callback.bytes, headers: headers)
      #expect(await split.deliverLarge(callback.bytes, headers: headers, pieces: pieces) == statuses, "\(callback.case)")
      #expect(whole.sidecar.keys == split.sidecar.keys)
      for key in whole.sidecar.keys { #expect(whole.sidecar.stored(key)?.value == split.sidecar.stored(key)?.value) }
      #expect(whole.sidecar.published.map(\.event.body) == split.sidecar.published.map(\.event.body), "\(callback.case)")
    }
  }

  @Test("An event that makes the whole delivery unreadable harms no neighbour", arguments: [1, 1_000])
  func unreadable(pieces: Int) async throws {
    let stand = Stand()
    let text = Wrapped.bulk([("a", Wrapped.exercise("e-1", of: "a")), ("x", "\"@@\""), ("b", Wrapped.exercise("e-2", of: "b"))])
    let parts = text.components(separatedBy: "\"@@\"")
    let body = Array(parts[0].utf8) + Array(#"{"student_id":""#.utf8) + [0xFF, 0xC0] + Array(#"",1e999:nul}"#.utf8) + Array(parts[1].utf8)
    #expect(await stand.deliverLarge(body, pieces: pieces) == ["a": "SUCCESS", "x": "SUCCESS", "b": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:a:profile:current_mastery", "student:b:profile:current_mastery"])
    #expect(try Self.letters(stand).count == 1)
  }

  @Test("An oversized event goes to the dead letters by its head, wherever its entry's other members stand")
  func largeEvent() async throws {
    let stand = Stand()
    let metadata = #""metadata":{"__topic":"t","__partition":"3","__offset":"42","__timestamp":"1773129600000"}"#
    let entries = [
      #"{"entryId":"a","event":\#(Wrapped.exercise("e-1", of: "a"))}"#, #"{"entryId":"x","event":\#(Self.large),\#(metadata)}"#,
      #"{\#(metadata),"event":"\#(Self.pad)","entryId":"y"}"#, #"{"entryId":"b","event":\#(Wrapped.exercise("e-2", of: "b"))}"#,
    ]
    let body = #"{"entries":[\#(entries.joined(separator: ","))],"id":"bulk"}"#
    #expect(await stand.deliverLarge(Array(body.utf8)) == ["a": "SUCCESS", "x": "SUCCESS", "y": "SUCCESS", "b": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:a:profile:current_mastery", "student:b:profile:current_mastery"])

    let letters = try Self.letters(stand)
    #expect(letters.count == 2)
    #expect(letters[0]["event_id"] as? String == "big-1" && letters[0]["student_id"] as? String == "s-9")
    #expect(letters[0]["school_id"] as? String == "north" && letters[0]["original_time"] as? String == "2026-03-10T08:00:00Z")
    #expect(letters[0]["original_event_type"] as? String == "quiz.completed")
    #expect(letters[0]["original_length"] as? Int == Self.large.utf8.count)
    #expect(letters[0]["original_sha256"] as? String == Self.largeDigest)
    #expect(letters[0]["original_payload"] as? String == String(Self.large.prefix(4_096)))
    let message = letters[0]["error_message"] as? String
    #expect(message?.contains("at most 65536 bytes") == true && message?.contains("\(Self.large.utf8.count) bytes") == true)
    #expect(letters[1]["event_id"] as? String == "kafka:t:3:42" && letters[1]["original_length"] as? Int == Self.pad.utf8.count + 2)
  }

  /// Single bodies that are too large, with the known id of each and their SHA-256 by `sha256sum`.
  private static let singles: [(body: String, id: String?, digest: String)] = [
    (large, "big-1", largeDigest),
    (String(repeating: "x", count: 3_000_000), "kafka:t:0:7", "e55b8bdf621ddaa8f462c74745db9680d3bb7536a9cf854f8d6668b34a287890"),
    (
      "[" + String(repeating: "0,", count: 1_500_000) + "0]", "kafka:t:0:7",
      "f3a125dabed2b02e000193a8f76ec3d6b47aab17c66d5745b4de0c8d8e56d5e2"
    ),
  ]

  @Test("A single oversized event goes to the dead letters by its head, whatever it is", arguments: singles.indices)
  func single(_ index: Int) async throws {
    let (body, id, digest) = Self.singles[index]
    let stand = Stand()
    let headers = [HTTPField("__topic", "t"), HTTPField("__partition", "0"), HTTPField("__offset", "7")]
    #expect(await stand.deliverLarge(Array(body.utf8), headers: headers) == ["": "SUCCESS"])
    let letter = try #require(try Self.letters(stand).first)
    #expect(letter["event_id"] as? String == id && letter["original_length"] as? Int == body.utf8.count)
    #expect(letter["original_sha256"] as? String == digest && letter["original_payload"] as? String == String(body.prefix(4_096)))
  }

  @Test("Every entry of a 31 MiB delivery has its status in order, and ignored fields cost no evidence")
  func ignoredFields() async throws {
    let stand = Stand()
    let pad = String(repeating: "p", count: 60_000)
    let entries = (0..<545).map { number in
      let event = #"{"ignored":"\#(pad)",\#(Wrapped.exercise("e-\(number)", of: "s-\(number)").dropFirst())"#
      return (id: "\(number)", event: event)
    }
    let body = Array(Wrapped.bulk(entries).utf8)
    #expect(body.count > 31 << 20)
    let answer = await stand.answerLarge(body)
    let order = try #require(try ReadJSON.object(answer.body)["statuses"] as? [[String: String]])
    #expect(order.map { $0["entryId"] } == (0..<545).map { "\($0)" } && order.allSatisfy { $0["status"] == "SUCCESS" })
    #expect(stand.sidecar.keys.count == 545)
    #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
  }

  @Test("A dead letter of a large delivery has its original, or the head of it if there was no room")
  func originals() async throws {
    let stand = Stand()
    let pad = String(repeating: "p", count: 60_000)
    let broken = Array("{".utf8)
    let events = (0..<300).map { #"{"ignored":"\#(pad)",\#(Wrapped.exercise("e-\($0)", of: "s-\($0)").dropFirst())"# }
    for number in [0, 299] { stand.sidecar.put(broken, at: "student:s-\(number):profile:current_mastery") }
    let entries = events.enumerated().map { (id: "\($0.offset)", event: $0.element) }
    let statuses = await stand.deliverLarge(Array(Wrapped.bulk(entries).utf8))
    #expect(statuses.count == 300 && statuses.values.allSatisfy { $0 == "SUCCESS" })
    let letters = try Self.letters(stand)
    #expect(letters.count == 2)
    #expect(letters[0]["original_payload"] as? String == events[0])
    #expect(letters[1]["original_payload"] as? String == String(events[299].prefix(1_024)))
    #expect(letters[1]["original_length"] as? Int == events[299].utf8.count)
  }

  @Test("Entries beyond the room for statuses get none, so they come again, and the others are accepted", arguments: [false, true])
  func noRoom(isSplit: Bool) async throws {
    let stand = Stand()
    let body = Array(#"{"entries":[\#(String(repeating: "0,", count: 20_000))0]}"#.utf8)
    let head = HTTPRequestHead(method: "POST", target: "/events/learning.quiz")
    let answer = isSplit ? await stand.answerLarge(body) : await stand.service.answer(HTTPRequest(head: head, body: body))
    let statuses = try #require(try ReadJSON.object(answer.body)["statuses"] as? [[String: String]])
    #expect(statuses.count == 16_384)
    #expect(statuses.allSatisfy { $0["status"] == "SUCCESS" && $0["entryId"]?.isEmpty == true })
    #expect(!isSplit || stand.lines.all.contains { $0.contains(#""entries":16384,"left_out":3617"#) })
  }

  @Test("The engine's own events are accepted whole or left out, never by their heads")
  func ownTopics() async throws {
    let stand = Stand()
    let letter = { (number: Int) in
      #"{"event_id":"f-\#(number)","event_type":"FailedEvent","student_id":"s-\#(number)","original_topic":"t","#
        + #""original_payload":"\#(String(repeating: "p", count: 65_000))","error_message":"m","failed_at":"2026-03-15T11:00:00Z"}"#
    }
    let entries = (0..<600).map { (id: "\($0)", event: Wrapped.cloudEvent(letter($0), id: "f-\($0)")) }
    let statuses = await stand.deliverLarge(Array(Wrapped.bulk(entries).utf8), to: "mastery.dlq")
    // 20 MiB have room for 318 of them.
    #expect(statuses.count > 310 && statuses.count < 320)
    #expect((0..<statuses.count).allSatisfy { statuses["\($0)"] == "SUCCESS" })
  }
}
