import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A message on mastery.dlq that no engine wrote")
struct ForeignMessageTests {
  /// A message, and what is kept of it if that is not the message itself.
  struct Foreign: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let kept: [UInt8]
    let encoding: String

    init(_ name: String, _ text: String, kept: String? = nil) {
      self.init(name, Array(text.utf8), kept: kept.map { Array($0.utf8) })
    }

    init(_ name: String, _ bytes: [UInt8], kept: [UInt8]? = nil, encoding: String = "utf-8") {
      testDescription = name
      self.bytes = bytes
      self.kept = kept ?? bytes
      self.encoding = encoding
    }

    /// The messages produced straight into Kafka when the sidecar was recorded, and some more of each kind.
    static let all = [
      Foreign("a text", "plain text"), Foreign("nothing", ""), Foreign("null, or a tombstone", "null"), Foreign("a list", "[1,2]"),
      Foreign("a JSON string", #""str""#), Foreign("a number", "7"), Foreign("JSON that is torn", #"{"a":"#),
      Foreign("Avro", [0, 0, 0, 0, 7, 2, 6, 0x66, 0x6F, 0x6F, 0xFF, 0xFE], encoding: "base64"),
      Foreign("an object that is no event", #"{"a":1,"s":"é"}"#), Foreign("control characters", "a\u{0}b\u{7F}c"),
      Foreign(
        "an event of another kind", #"{"specversion":"1.0","id":"ce-1","source":"other","type":"t.x","data":{"q":1}}"#, kept: #"{"q":1}"#),
      Foreign("an event with text in it", #"{"specversion":"1.0","type":"t.z","data":"x"}"#, kept: "x"),
      Foreign("bytes", (0...255).map { UInt8($0) }, encoding: "base64"),
    ]
  }

  /// A message as it is delivered with raw payloads.
  private static func raw(_ bytes: [UInt8], id: String = "d419329b") -> [UInt8] {
    let payload = Data(bytes).base64EncodedString()
    return Array(
      (#"{"data_base64":"\#(payload)","datacontenttype":"application/octet-stream","id":"\#(id)","pubsubname":"kafka","source":"Dapr","#
        + #""specversion":"1.0","topic":"mastery.dlq","type":"com.dapr.event.sent"}"#).utf8)
  }

  private static let head = [
    HTTPField("__topic", "learning.quiz"), HTTPField("__partition", "3"), HTTPField("__offset", "42"),
    HTTPField("__timestamp", "1773575000000"),
  ]

  /// All kept failed events, wherever they are.
  static func kept(_ stand: Stand) throws -> [[String: Any]] {
    func letters(_ value: Any) -> [[String: Any]] {
      switch value {
      case let object as [String: Any]:
        object["event_type"] as? String == "FailedEvent" ? [object] : object.values.flatMap(letters)
      case let list as [Any]: list.flatMap(letters)
      default: []
      }
    }
    return try stand.sidecar.keys.filter { $0.contains("dlq:") }.flatMap { key in
      letters(try ReadJSON.object(try #require(stand.sidecar.stored(key)).value))
    }
  }

  private static func payload(_ letter: [String: Any]) throws -> [UInt8] {
    let text = try #require(letter["original_payload"] as? String)
    return letter["original_payload_encoding"] as? String == "base64" ? [UInt8](try #require(Data(base64Encoded: text))) : Array(text.utf8)
  }

  @Test("A foreign dead letter is kept as it came, with its topic, once for all deliveries", arguments: Foreign.all)
  func kept(_ foreign: Foreign) async throws {
    let stand = Stand()
    for id in ["one", "two"] {
      #expect(await stand.deliver(Self.raw(foreign.bytes, id: id), to: Topic.deadLetters, headers: Self.head) == ["": "SUCCESS"])
    }
    let letters = try Self.kept(stand)
    #expect(letters.count == 1)
    let letter = try #require(letters.first)
    #expect(try Self.payload(letter) == foreign.kept && letter["original_payload_encoding"] as? String == foreign.encoding)
    #expect(letter["original_topic"] as? String == "learning.quiz" && letter["original_length"] as? Int == foreign.kept.count)
    #expect(letter["error_type"] as? String == "processing_error")
    // Nothing goes in circles.
    #expect(stand.sidecar.published.isEmpty)
  }

  @Test("Foreign dead letters are distinguished by their position at the broker")
  func twice() async throws {
    let stand = Stand()
    for offset in ["42", "43"] {
      let head = Self.head.filter { $0.name != "__offset" } + [HTTPField("__offset", offset)]
      #expect(await stand.deliver(Self.raw(Array("hello".utf8)), to: Topic.deadLetters, headers: head) == ["": "SUCCESS"])
    }
    #expect(Set(try Self.kept(stand).compactMap { $0["event_id"] as? String }) == ["kafka:learning.quiz:3:42", "kafka:learning.quiz:3:43"])
  }

  @Test("A foreign dead letter may be one of ten beside good ones: each entry has a status, and all are kept")
  func bulk() async throws {
    let stand = Stand()
    let entries = Foreign.all.enumerated().map { index, foreign in
      #"{"entryId":"\#(index)","event":"\#(Data(foreign.bytes).base64EncodedString())","contentType":"application/octet-stream","#
        + #""metadata":{"__topic":"learning.quiz","__partition":"0","__offset":"\#(index)","__timestamp":"1773575000000"}}"#
    }
    let body = #"{"entries":[\#(entries.joined(separator: ","))],"id":"b-1","type":"com.dapr.event.sent.bulk"}"#
    let statuses = await stand.deliver(Array(body.utf8), to: Topic.deadLetters)
    #expect(statuses.count == entries.count && statuses.values.allSatisfy { $0 == "SUCCESS" })
    let letters = try Self.kept(stand)
    #expect(letters.count == entries.count && letters.allSatisfy { $0["original_topic"] as? String == "learning.quiz" })
  }

  @Test("A foreign dead letter takes its topic from its envelope if the broker names none, and an event goes into its student's bucket")
  func ownEnvelope() async throws {
    let stand = Stand()
    let event = Wrapped.envelope(#""topic":"learning.completion","pubsubname":"pubsub","data":\#(Wrapped.exercise("e-1"))"#)
    #expect(await stand.deliver(Self.raw(Array(event.utf8)), to: Topic.deadLetters) == ["": "SUCCESS"])
    let letter = try #require(try Self.kept(stand).first)
    #expect(letter["original_topic"] as? String == "learning.completion" && letter["student_id"] as? String == "s-1")
    #expect(try Self.payload(letter) == Array(Wrapped.exercise("e-1").utf8))
    #expect(!stand.sidecar.keys.contains("dlq:none"))
  }

  @Test("A foreign dead letter that was a waiting event is kept as what it was, with its student and its number of tries")
  func deferred() async throws {
    let stand = Stand()
    let event = Wrapped.exercise("e-1", metadata: #"{"school_id":"north","source":"\u0001\u0001\#(String(repeating: "é", count: 9))"}"#)
    stand.sidecar.always(.partly(without: ["school:north:student:s-1:profile:current_mastery"]), where: \.isLoad)
    let good = Wrapped.exercise("e-2", metadata: #"{"school_id":"north"}"#)
    #expect(await stand.deliver([good], to: "learning.quality") == ["0": "SUCCESS"])
    #expect(await stand.deliver([event], to: "learning.quality") == ["0": "SUCCESS"])
    stand.sidecar.recover()
    for message in stand.waiting {
      #expect(await stand.deliver(Self.raw(message), to: Topic.deadLetters, headers: Self.head) == ["": "SUCCESS"])
    }
    let letters = try Self.kept(stand)
    #expect(Set(letters.compactMap { $0["event_id"] as? String }) == ["e-1", "e-2"])
    for letter in letters {
      #expect(letter["original_topic"] as? String == "learning.quality" && letter["retry_count"] as? Int == 1)
      #expect(letter["student_id"] as? String == "s-1" && letter["school_id"] as? String == "north")
    }
    #expect(stand.sidecar.keys.allSatisfy { !$0.contains("dlq:none") })
    #expect(try letters.contains { try Self.payload($0) == Array(good.utf8) })
  }
}
