import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing

/// The recording's messages, written by the same producer, are published raw; the app must receive the same JSON.
@Suite("Recorded Avro deliveries")
struct RecordedAvroDeliveryTests {
  @Test("Normal and raw subscriptions, single and bulk, plain and in Avro's own JSON, receive what was recorded")
  func read() async throws {
    let messages = try ["full", "numbers", "quiz", "nested", "cloud-event"].map { try AvroMessage.named($0) }
    let registry = try TestRegistry()
    registry.add(messages)
    let answer = try #require(
      try RecordedExchange.load("avro-deliveries.jsonl", of: "DevSidecarTests", area: "avro-read-json-bulk").first)
    #expect(answer.status == 200)
    func entry(_ pubsub: String, _ kind: String, _ path: String, isRaw: Bool = false) -> String {
      let raw = isRaw ? #","rawPayload":"true""# : ""
      let bulk = kind.hasSuffix("bulk") ? #","bulkSubscribe":{"enabled":true,"maxMessagesCount":6,"maxAwaitDurationMs":600000}"# : ""
      return
        #"{"pubsubname":"\#(pubsub)","topic":"rec2.a9.\#(kind)","route":"\#(path)","metadata":{"valueSchemaType":"Avro"\#(raw)}\#(bulk)}"#
    }
    var entries = [entry("kafka", "decl", "/decl"), entry("kafka", "declbulk", "/declbulk")]
    for (pubsub, folder) in [("kafka", "std"), ("kafkaj", "json")] {
      for kind in ["single", "bulk"] {
        entries.append(entry(pubsub, kind, "/\(folder)/\(kind)"))
        entries.append(entry(pubsub, "raw\(kind)", "/\(folder)/raw\(kind)", isRaw: true))
      }
    }
    let app = AvroDeliveries.app("[\(entries.joined(separator: ","))]")
    let files = AvroDeliveries.kafka("kafka", registry).merging(AvroDeliveries.kafka("kafkaj", registry, ["useAvroJSON": "true"])) { $1 }
    let rig = try await Rig(app: app, files: files)
    for topic in ["decl", "declbulk", "single", "bulk", "rawsingle", "rawbulk"] {
      for message in messages {
        try await AvroDeliveries.produce(rig, "kafka", "rec2.a9.\(topic)", message.bytes, "metadata.partitionKey=s1&metadata.x-h=1")
      }
      try await AvroDeliveries.produce(rig, "kafka", "rec2.a9.\(topic)", Array("null".utf8), "metadata.partitionKey=s1")
    }
    await rig.sidecar.idle()
    let recorded = try AvroDeliveries.recorded("avro-read-")
    #expect(recorded.count == 35)
    AvroDeliveries.expectSame(app, recorded)
    // One call for each schema and component, as recorded for the ids.
    #expect(Set(registry.targets) == Set((101...105).map { "/schemas/ids/\($0)" }))
    #expect(registry.contentTypes == ["application/vnd.schemaregistry.v1+json"] && registry.authorizations == [""])
    await rig.stop()
    await registry.stop()
  }

  @Test("NaN is null, an infinite number is not delivered and holds up its partition, and bytes that are no UTF-8 become U+FFFD")
  func odd() async throws {
    let registry = try TestRegistry()
    let messages = ["nan", "one-and-a-half", "two-and-a-half", "infinity", "not-utf-8", "after-not-utf-8"]
    registry.add(try messages.map { try AvroMessage.named($0) })
    func entry(_ topic: String, _ most: Int? = nil) -> String {
      let bulk = most.map { #","bulkSubscribe":{"enabled":true,"maxMessagesCount":\#($0),"maxAwaitDurationMs":600000}"# } ?? ""
      return #"{"pubsubname":"kn","topic":"\#(topic)","route":"/\#(topic)","metadata":{"valueschematype":"avro"}\#(bulk)}"#
    }
    let app = AvroDeliveries.app("[\(entry("nan")),\(entry("nanb", 2)),\(entry("utf")),\(entry("utfb", 2))]")
    let rig = try await Rig(app: app, files: AvroDeliveries.kafka("kn", registry))
    for (topic, names) in [
      ("nan", ["nan", "one-and-a-half", "infinity", "two-and-a-half"]), ("nanb", ["nan", "two-and-a-half"]),
      ("utf", ["not-utf-8", "after-not-utf-8"]), ("utfb", ["not-utf-8", "after-not-utf-8"]),
    ] {
      for name in names {
        try await AvroDeliveries.produce(rig, "kn", topic, try AvroMessage.named(name).bytes, "metadata.partitionKey=s1")
      }
    }
    await app.heard(6)
    AvroDeliveries.expectSame(app, try AvroDeliveries.recorded("avro-odd-nan") + AvroDeliveries.recorded("avro-odd-utf"))
    // The infinite one and the one behind it.
    #expect(rig.sidecar.statistics["nan"]?.undelivered == 2)
    await rig.stop()
    await registry.stop()
  }

  @Test("With escapeHeaders keys and headers are percent-encoded, single and bulk, so that a binary key is delivered singly too")
  func keys() async throws {
    let registry = try TestRegistry()
    registry.add([try AvroMessage.named("quiz")])
    func entry(_ pubsub: String, _ topic: String, _ path: String) -> String {
      let bulk = topic == "kb" ? #","bulkSubscribe":{"enabled":true,"maxMessagesCount":2,"maxAwaitDurationMs":600000}"# : ""
      return #"{"pubsubname":"\#(pubsub)","topic":"\#(topic)","route":"\#(path)","metadata":{"valueSchemaType":"AVRO"}\#(bulk)}"#
    }
    let app = AvroDeliveries.app("[\(entry("ke", "k", "/ke/single")),\(entry("ke", "kb", "/ke/bulk")),\(entry("kp", "kb", "/kp/bulk"))]")
    let files = AvroDeliveries.kafka("kp", registry).merging(AvroDeliveries.kafka("ke", registry, ["escapeHeaders": "true"])) { $1 }
    let rig = try await Rig(app: app, files: files)
    for topic in ["k", "kb"] {
      let first = "metadata.partitionKey=%00%00%00%00e%04s1"
      try await AvroDeliveries.produce(rig, "kp", topic, try AvroMessage.named("quiz-b1").bytes, first)
      let second = "metadata.partitionKey=s%201/%C3%A9&metadata.x=a%20b%25%0A"
      try await AvroDeliveries.produce(rig, "kp", topic, try AvroMessage.named("quiz-b2").bytes, second)
    }
    await rig.sidecar.idle()
    AvroDeliveries.expectSame(app, try AvroDeliveries.recorded("avro-key-"))
    await rig.stop()
    await registry.stop()
  }

  @Test("What an app drops lies in the dead letter topic as JSON, single and bulk")
  func dropped() async throws {
    let registry = try TestRegistry()
    registry.add([try AvroMessage.named("quiz")])
    let app = AvroDeliveries.app(
      """
      [{"pubsubname":"ka","topic":"drop","route":"/drop","metadata":{"valueSchemaType":"Avro"},"deadLetterTopic":"letters"},
       {"pubsubname":"ka","topic":"dropb","route":"/dropb","metadata":{"valueSchemaType":"Avro"},"deadLetterTopic":"letters",
        "bulkSubscribe":{"enabled":true,"maxMessagesCount":2,"maxAwaitDurationMs":600000}},
       {"pubsubname":"ka","topic":"letters","route":"/letters"}]
      """, "DROP")
    let rig = try await Rig(app: app, files: AvroDeliveries.kafka("ka", registry))
    try await AvroDeliveries.produce(rig, "ka", "drop", try AvroMessage.named("quiz-d1").bytes, "metadata.partitionKey=s1")
    for name in ["quiz-d1", "quiz-d2"] {
      try await AvroDeliveries.produce(rig, "ka", "dropb", try AvroMessage.named(name).bytes, "metadata.partitionKey=s1")
    }
    await rig.sidecar.idle()
    AvroDeliveries.expectSame(app, try AvroDeliveries.recorded("avro-odd-drop"), except: "/letters")
    let letters = app.calls.filter { $0.path == "/letters" }.map { AvroMessage.pieces($0.body) }
    #expect(letters.count == 3)
    let quiz = #"{"event_type":"quiz.completed","timestamp":1772600767000,"student_id":"s1","course_id":"c1","total_questions":10,"#
    let wanted = ["d1", "d1", "d2"].map { quiz + #""correct_answers":8,"time_spent":300,"event_id":"\#($0)"}"# }
    #expect(letters.sorted { $0.description < $1.description } == wanted.map { AvroMessage.pieces($0.utf8) })
    await rig.stop()
    await registry.stop()
  }
}
