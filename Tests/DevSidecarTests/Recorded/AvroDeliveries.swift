import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing

/// Recorded deliveries of messages in Avro, and what is needed to have them again.
enum AvroDeliveries {
  /// What the app got in one call, without what differs from run to run.
  struct Heard: Hashable {
    var path: String
    var contentType: String
    var key: String?
    /// The producer's header.
    var header: String?
    /// The pieces of each event.
    var events: [[String]]
  }

  static func object(_ text: String) -> [String: Any] {
    ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]) ?? [:]
  }

  /// An event's text in pieces, sorted unless the event was written anew; a raw one's after its base64, without the time's own `id`.
  private static func pieces(_ event: String, isBulk: Bool) -> [String] {
    if isBulk, let bytes = event.hasPrefix("\"") ? Data(base64Encoded: String(event.dropFirst().dropLast())) : nil {
      return ["base64"] + AvroMessage.pieces(bytes)
    }
    guard !isBulk, var envelope = Optional(object(event)), let data = envelope["data_base64"] as? String else {
      return isBulk ? [event] : AvroMessage.pieces(event.utf8)
    }
    envelope["data_base64"] = nil
    envelope["id"] = nil
    return envelope.map { "\($0.key)=\($0.value)" }.sorted() + AvroMessage.pieces(Data(base64Encoded: data) ?? Data())
  }

  private static func heard(_ path: String, _ text: String, _ header: (String) -> String?) -> Heard {
    let contentType = header("content-type") ?? ""
    guard text.hasPrefix(#"{"entries":"#) else {
      return Heard(
        path: path, contentType: contentType, key: header("__key"), header: header("x-h") ?? header("x"),
        events: [pieces(text, isBulk: false)])
    }
    let entries = object(text)["entries"] as? [[String: Any]] ?? []
    let texts = text.components(separatedBy: #""event":"#).dropFirst().map { piece in
      piece.components(separatedBy: #","metadata":{"#)[0]
    }
    let events = zip(entries, texts).map { entry, event in
      let metadata = entry["metadata"] as? [String: String] ?? [:]
      let told = ["entryId", "contentType"].map { "\(entry[$0] ?? "")" }
      return told + ["__key", "__offset", "x-h", "x"].map { metadata[$0] ?? "-" } + pieces(event, isBulk: true)
    }
    return Heard(path: path, contentType: contentType, events: events)
  }

  static func recorded(_ area: String) throws -> [Heard] {
    try RecordedExchange.load("avro-deliveries.jsonl", of: "DevSidecarTests", area: area).map { exchange in
      let headers = Dictionary(exchange.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
      return heard(exchange.target, exchange.body ?? "") { headers[$0] }
    }
  }

  static func expectSame(
    _ app: ScriptedApp, _ recorded: [Heard], except path: String? = nil, _ location: SourceLocation = #_sourceLocation
  ) {
    let got = app.calls.filter { $0.path != path }.map { call in
      heard(call.path, call.text) { name in call.head.fields.last { $0.name.lowercased() == name }?.value }
    }
    // Each path has its own order.
    for path in Set(recorded.map(\.path)).union(got.map(\.path)).sorted() {
      let (mine, theirs) = (got.filter { $0.path == path }, recorded.filter { $0.path == path })
      #expect(mine.count == theirs.count, "\(path)", sourceLocation: location)
      for (one, other) in zip(mine, theirs) { #expect(one == other, "\(path)", sourceLocation: location) }
    }
  }

  static func app(_ subscriptions: String, _ status: String = "SUCCESS") -> ScriptedApp {
    ScriptedApp(subscriptions: subscriptions) { call, _ in
      let entries = object(call.text)["entries"] as? [[String: Any]]
      let statuses = (entries ?? []).map { #"{"entryId":"\#($0["entryId"] ?? "")","status":"\#(status)"}"# }
      return .text(entries == nil ? #"{"status":"\#(status)"}"# : #"{"statuses":[\#(statuses.joined(separator: ","))]}"#)
    }
  }

  static func kafka(_ name: String, _ registry: TestRegistry, _ more: [String: String] = [:]) -> [String: String] {
    let metadata = ["brokers": "localhost:9092", "partitions": "1", "schemaRegistryURL": registry.url].merging(more) { $1 }
    return ["\(name).yaml": Rig.component(name, "pubsub.kafka", metadata)]
  }

  static func produce(_ rig: Rig, _ pubsub: String, _ topic: String, _ bytes: [UInt8], _ metadata: String) async throws {
    let answer = try await rig.client.send(
      HTTPCall(
        "POST", "http://127.0.0.1:\(rig.sidecar.port)/v1.0/publish/\(pubsub)/\(topic)?metadata.rawPayload=true&\(metadata)", body: bytes,
        deadline: 120_000))
    #expect(answer.status == 204)
  }
}
