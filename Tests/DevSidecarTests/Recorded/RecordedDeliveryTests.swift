import DevSidecar
import Foundation
import HTTPServer
import Testing

/// The recording's messages are published again; the app must receive the same.
@Suite("Recorded deliveries")
struct RecordedDeliveryTests {
  /// The recording's app: its answer is in the path, or in `want` of a bulk's entries.
  private static let app: ScriptedApp.Script = { call, times in
    let behaviour = call.path.split(separator: "/").dropFirst().first ?? ""
    switch behaviour {
    case "retry": return .text(times < 3 ? #"{"status":"RETRY"}"# : #"{"status":"SUCCESS"}"#)
    case "status500": return times < 3 ? .text("{}", status: 500) : .text(#"{"status":"SUCCESS"}"#)
    case "unknown": return .text(times < 3 ? #"{"status":"BANANA"}"# : #"{"status":"SUCCESS"}"#)
    case "alwaysfail": return .text("{}", status: 500)
    case "drop": return .text(#"{"status":"DROP"}"#)
    case "status404": return .text("{}", status: 404)
    case "text": return HTTPResponse(status: 200, body: Array("all good".utf8))
    case "status201": return HTTPResponse(status: 201)
    case "bulk": return .text(statuses(call.text))
    default: return .text(#"{"status":"SUCCESS"}"#)
    }
  }

  private static func statuses(_ body: String) -> String {
    let entries = ((object(body)["entries"]) as? [[String: Any]]) ?? []
    let said = entries.compactMap { entry -> String? in
      let data = (entry["event"] as? [String: Any])?["data"] as? [String: Any]
      let want = data?["want"] as? String ?? "SUCCESS"
      return want == "OMIT" ? nil : #"{"entryId":"\#(entry["entryId"] ?? "")","status":"\#(want)"}"#
    }
    return #"{"statuses":[\#(said.joined(separator: ","))]}"#
  }

  private static func object(_ text: String) -> [String: Any] {
    ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]) ?? [:]
  }

  /// A body without the parts that differ from run to run.
  private static func canonical(_ text: String) -> String {
    guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return text }
    guard let bytes = try? JSONSerialization.data(withJSONObject: canonical(value), options: .sortedKeys) else { return text }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func canonical(_ event: [String: Any]) -> [String: Any] {
    var event = event
    for name in ["time", "expiration", "traceid", "traceparent"] where event[name] != nil { event[name] = "…" }
    if let id = event["id"] as? String, UUID(uuidString: id) != nil { event["id"] = "…" }
    if let inner = (event["data_base64"] as? String).flatMap({ Data(base64Encoded: $0) }) {
      event["data_base64"] = canonical(String(decoding: inner, as: UTF8.self))
    }
    return event
  }

  @Test("Single deliveries have the recorded bodies and headers, and come as often as recorded")
  func single() async throws {
    let recorded = try RecordedExchange.load("sidecar-to-app.jsonl")
    let subscriptions = try #require(recorded.first { $0.name == "dapr-subscribe#1" }).answer
    let app = ScriptedApp(subscriptions: subscriptions, Self.app)
    let pubsub = Rig.component("memory-pubsub", "pubsub.in-memory", ["kafkaMetadata": "false"])
    let policy = Rig.retries(3).mapValues { $0.replacingOccurrences(of: " pubsub:", with: " memory-pubsub:") }
    let rig = try await Rig(app: app, files: policy.merging(["pubsub.yaml": pubsub]) { $1 }) { $0.broker = .memory }
    for exchange in try RecordedExchange.load("app-to-sidecar.jsonl") where exchange.name.hasPrefix("publish-memory/") {
      // The recording shows bytes as base64, so this one was sent differently.
      guard exchange.name != "publish-memory/octet" else { continue }
      _ = try await rig.call(exchange.method, exchange.target, exchange.body, headers: exchange.headers)
      await rig.sidecar.idle()
    }
    func seen(_ path: String, _ text: String, rawPayload: String?, key: String?) -> String {
      "\(path) raw=\(rawPayload ?? "-") key=\(key ?? "-") \(Self.canonical(text))"
    }
    let expected = recorded.filter { $0.target.hasPrefix("/events/") && $0.target.contains("/memory") && $0.name.hasPrefix("events-") }
      .filter { !$0.target.contains("/bulk/") && !($0.body ?? "").contains("\"data_base64\":\"AP8BYmluYXJ5\"") }
      .map { exchange in
        let headers = Dictionary(exchange.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        return seen(exchange.target, exchange.body ?? "", rawPayload: headers["rawpayload"], key: headers["partitionkey"])
      }
    let got = app.calls.map { call in
      #expect(call.head.header("content-type") == "application/cloudevents+json")
      #expect(call.head.header("pubsubname") == "memory-pubsub")
      return seen(call.path, call.text, rawPayload: call.head.header("rawpayload"), key: call.head.header("partitionkey"))
    }
    #expect(expected.count == 40)
    #expect(got.sorted() == expected.sorted())
    await rig.stop()
  }

  @Test("The entries of bulk deliveries have the recorded form")
  func bulk() async throws {
    let recorded = try RecordedExchange.load("sidecar-to-app.jsonl")
    let subscriptions = try #require(recorded.first { $0.name == "dapr-subscribe#1" }).answer
    let app = ScriptedApp(subscriptions: subscriptions, Self.app)
    let pubsub = Rig.component("memory-pubsub", "pubsub.in-memory", ["kafkaMetadata": "false"])
    let rig = try await Rig(app: app, files: ["pubsub.yaml": pubsub]) { $0.broker = .memory }
    for exchange in try RecordedExchange.load("app-to-sidecar.jsonl") where exchange.name.hasPrefix("bulk-publish-memory/") {
      _ = try await rig.call(exchange.method, exchange.target, exchange.body, headers: exchange.headers)
    }
    await rig.sidecar.idle()
    func entries(_ bodies: [String]) -> Set<String> {
      Set(
        bodies.flatMap { Self.object($0)["entries"] as? [[String: Any]] ?? [] }.compactMap { entry in
          var entry = entry
          entry["entryId"] = nil
          entry["event"] = (entry["event"] as? [String: Any]).map(Self.canonical)
          return (try? JSONSerialization.data(withJSONObject: entry, options: .sortedKeys)).map { String(decoding: $0, as: UTF8.self) }
        })
    }
    let expected = entries(recorded.filter { $0.name.hasPrefix("events-bulk-memory#") }.map { $0.body ?? "" })
    #expect(expected.count == 12)
    #expect(entries(app.calls.map(\.text)) == expected)
    let whole = Self.object(try #require(app.calls.first).text)
    #expect(Set(whole.keys) == ["entries", "id", "metadata", "pubsubname", "topic", "type"])
    #expect(whole["type"] as? String == "com.dapr.event.sent.bulk")
    await rig.stop()
  }

  @Test("A bulk delivery carries Kafka's metadata in its order, and a failed message comes again alone")
  func kafka() async throws {
    let app = ScriptedApp(
      subscriptions: """
        [{"pubsubname":"pubsub","topic":"t","route":"/bulk","bulkSubscribe":{"enabled":true,"maxMessagesCount":2,"maxAwaitDurationMs":5000},
          "deadLetterTopic":"dead"},{"pubsubname":"pubsub","topic":"dead","route":"/dead"}]
        """
    ) { call, _ in call.path == "/bulk" ? .text(#"{"statuses":[{"entryId":"0","status":"SUCCESS"}]}"#) : HTTPResponse(status: 200) }
    let rig = try await Rig(app: app, files: Rig.retries(2))
    #expect(try await rig.publish("t", #"{"n":1}"#, key: "s") == 204)
    #expect(try await rig.publish("t", #"{"n":2}"#, key: "s") == 204)
    await rig.sidecar.idle()
    let bulks = app.calls.filter { $0.path == "/bulk" }
    let entries = bulks.map { Self.object($0.text)["entries"] as? [[String: Any]] ?? [] }
    #expect(entries.map { $0.map { $0["entryId"] as? String } } == [["0", "1"], ["1"], ["1"]])
    let metadata = try #require(entries.first?.last?["metadata"] as? [String: String])
    #expect(metadata["__offset"] == "1")
    #expect(metadata["__key"] == "s" && metadata["partitionKey"] == "s")
    #expect(metadata["__topic"] == "t")
    #expect(metadata.keys.contains("__partition") && metadata.keys.contains("__timestamp"))
    let letter = try #require(app.calls.last)
    #expect(letter.path == "/dead")
    #expect(letter.head.header("__topic") == "t")
    #expect(Self.object(letter.text)["id"] as? String == (entries[0][1]["event"] as? [String: Any])?["id"] as? String)
    await rig.stop()
  }
}
