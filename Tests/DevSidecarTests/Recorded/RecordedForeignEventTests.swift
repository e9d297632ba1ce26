import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing

/// The recording's messages straight into Kafka are published raw; the app must receive the same.
@Suite("Recorded foreign events")
struct RecordedForeignEventTests {
  private struct Produced {
    var body: [UInt8]
    var key: String?
  }

  /// A delivered event without the parts that differ from run to run: where it arrived, its offset, key and body.
  private struct Heard: Hashable, Comparable {
    var path: String
    var offset: Int
    var key: String?
    var body: String

    static func < (first: Heard, second: Heard) -> Bool {
      (first.path, first.offset, first.body) < (second.path, second.offset, second.body)
    }
  }

  /// As in the recording, except that a batch goes as soon as all fourteen are there.
  private static let subscriptions = """
    [{"pubsubname":"kafka","topic":"rec.raw.single","route":"/raw/single","deadLetterTopic":"rec.raw.dead.single"},
     {"pubsubname":"kafka","topic":"rec.raw.raw-single","route":"/raw/raw-single","metadata":{"rawPayload":"true"},
      "deadLetterTopic":"rec.raw.dead.raw-single"},
     {"pubsubname":"kafka","topic":"rec.raw.bulk","route":"/raw/bulk","deadLetterTopic":"rec.raw.dead.bulk",
      "bulkSubscribe":{"enabled":true,"maxMessagesCount":14,"maxAwaitDurationMs":600000}},
     {"pubsubname":"kafka","topic":"rec.raw.raw-bulk","route":"/raw/raw-bulk","metadata":{"rawPayload":"true"},
      "bulkSubscribe":{"enabled":true,"maxMessagesCount":14,"maxAwaitDurationMs":600000}},
     {"pubsubname":"kafka","topic":"rec.raw.dead.bulk","route":"/raw/dead-letter-of-broken","metadata":{"rawPayload":"true"}},
     {"pubsubname":"kafka","topic":"rec.raw.dead.raw-single","route":"/raw/dead-raw-bulk","metadata":{"rawPayload":"true"},
      "bulkSubscribe":{"enabled":true,"maxMessagesCount":100,"maxAwaitDurationMs":200}}]
    """

  private static func object(_ text: String) -> [String: Any] {
    ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]) ?? [:]
  }

  private static func canonical(_ value: Any) -> String {
    var value = value
    if var event = value as? [String: Any] {
      if let id = event["id"] as? String, UUID(uuidString: id) != nil { event["id"] = "…" }
      value = event
    }
    let bytes = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The events of one call.
  private static func heard(_ path: String, _ text: String, _ header: (String) -> String?) -> [Heard] {
    let whole = object(text)
    guard let entries = whole["entries"] as? [[String: Any]] else {
      let body = (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)).map(canonical) ?? text
      return [Heard(path: path, offset: header("__offset").flatMap { Int($0) } ?? -1, key: header("__key"), body: body)]
    }
    return entries.map { entry in
      let metadata = entry["metadata"] as? [String: String] ?? [:]
      let body = "\(entry["entryId"] ?? "") \(entry["contentType"] ?? "") \(canonical(entry["event"] ?? NSNull()))"
      return Heard(path: path, offset: metadata["__offset"].flatMap { Int($0) } ?? -1, key: metadata["__key"], body: body)
    }
  }

  /// The produced messages: the raw bulk subscription shows them byte for byte.
  private static func produced(_ recorded: [RecordedExchange]) -> [Produced] {
    let bulk = recorded.first { $0.name == "raw-kafka-raw-bulk#1" }?.body ?? ""
    return (object(bulk)["entries"] as? [[String: Any]] ?? []).map { entry in
      let bytes = (entry["event"] as? String).flatMap { Data(base64Encoded: $0) } ?? Data()
      return Produced(body: Array(bytes), key: (entry["metadata"] as? [String: String])?["__key"])
    }
  }

  @Test("Normal and raw subscriptions, single and bulk, and the dead letters receive what was recorded")
  func replayed() async throws {
    let recorded = try RecordedExchange.load("foreign-events.jsonl")
    let produced = Self.produced(recorded)
    #expect(produced.count == 14)
    let app = ScriptedApp(subscriptions: Self.subscriptions) { call, _ in
      let entries = Self.object(call.text)["entries"] as? [[String: Any]]
      let statuses = (entries ?? []).map { #"{"entryId":"\#($0["entryId"] ?? "")","status":"SUCCESS"}"# }
      return .text(entries == nil ? #"{"status":"SUCCESS"}"# : #"{"statuses":[\#(statuses.joined(separator: ","))]}"#)
    }
    let policy = Rig.retries(2).mapValues { $0.replacingOccurrences(of: " pubsub:", with: " kafka:") }
    let kafka = Rig.component("kafka", "pubsub.kafka", ["brokers": "localhost:9092", "partitions": "1"])
    let rig = try await Rig(app: app, files: policy.merging(["pubsub.yaml": kafka]) { $1 })
    for topic in ["single", "raw-single", "bulk", "raw-bulk"] {
      for message in produced {
        let key = message.key?.addingPercentEncoding(withAllowedCharacters: [])
        let target = "/v1.0/publish/kafka/rec.raw.\(topic)?metadata.rawPayload=true" + (key.map { "&metadata.partitionKey=\($0)" } ?? "")
        let answer = try await rig.client.send(
          HTTPCall("POST", "http://127.0.0.1:\(rig.sidecar.port)\(target)", body: message.body, deadline: 120_000))
        #expect(answer.status == 204)
      }
    }
    await rig.sidecar.idle()
    let expected = recorded.flatMap { exchange in
      let headers = Dictionary(exchange.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
      return Self.heard(exchange.target, exchange.body ?? "") { headers[$0] }
    }
    let got = app.calls.flatMap { call in
      Self.heard(call.path, call.text) { name in call.head.fields.last { $0.name.lowercased() == name }?.value }
    }
    #expect(expected.count == 50)
    for (heard, wanted) in zip(got.sorted(), expected.sorted()) { #expect(heard == wanted) }
    #expect(got.count == expected.count)
    await rig.stop()
  }

  @Test("A bulk delivery rounds numbers, whoever published them")
  func numbers() async throws {
    let app = ScriptedApp(
      subscriptions: """
        [{"pubsubname":"pubsub","topic":"t","route":"/t","metadata":{},
          "bulkSubscribe":{"enabled":true,"maxMessagesCount":1,"maxAwaitDurationMs":10}}]
        """
    ) { _, _ in .text(#"{"statuses":[{"entryId":"0","status":"SUCCESS"}]}"#) }
    let rig = try await Rig(app: app)
    let numbers = #"{"l":9007199254740993,"f":1.10,"big":12345678901234567890}"#
    _ = try await rig.call("POST", "/v1.0/publish/pubsub/t?metadata.rawPayload=true", numbers)
    await rig.sidecar.idle()
    let expected = #""event":{"big":12345678901234567000,"f":1.1,"l":9007199254740992}"#
    #expect(try #require(app.calls.first).text.contains(expected))
    await rig.stop()
  }
}
