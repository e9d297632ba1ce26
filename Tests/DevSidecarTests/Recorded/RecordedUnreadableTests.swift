import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing

/// Messages that cannot be read as Avro, or hardly, among good ones: which of them the app was recorded to get.
@Suite("Recorded unreadable messages")
struct RecordedUnreadableTests {
  @Test(
    "What cannot be read holds up its partition or its bulks by default, and is skipped as the component says",
    arguments: [
      (component: "k1", more: [:], topic: "short", bad: [UInt8]([0, 0]), recorded: "avro-bad-default-short"),
      (component: "k1", more: [:], topic: "garbage", bad: [0, 0, 0, 0, 103, 0xFF, 0xFF], recorded: "avro-bad-default-garbage"),
      (component: "k1", more: [:], topic: "json", bad: Array(#"{"event_id":"j"}"#.utf8), recorded: "avro-bad-default-json"),
      (component: "k1", more: [:], topic: "unknown", bad: [0, 0, 0, 9, 9, 2, 2], recorded: "avro-bad-default-unknown"),
      (component: "k4", more: ["consumeRetryEnabled": "false"], topic: "json", bad: Array("{}".utf8), recorded: "avro-bad-noretry-json"),
      (
        component: "k4", more: ["consumeRetryEnabled": "false"], topic: "garbage", bad: [0, 0, 0, 0, 103],
        recorded: "avro-bad-noretry-garbage"
      ),
      (
        component: "k5", more: ["backOffPolicy": "constant", "backOffDuration": "1ms", "backOffMaxRetries": "2"], topic: "json",
        bad: Array("{}".utf8), recorded: "avro-bad-retry2-json"
      ),
      (
        component: "k5", more: ["backOffPolicy": "constant", "backOffDuration": "1ms", "backOffMaxRetries": "2"], topic: "garbage",
        bad: [0, 0, 0, 0, 103], recorded: "avro-bad-retry2-garbage"
      ),
    ])
  func bad(component: String, more: [String: String], topic: String, bad: [UInt8], recorded: String) async throws {
    let registry = try TestRegistry()
    registry.add([try AvroMessage.named("quiz")])
    let app = AvroDeliveries.app(
      #"[{"pubsubname":"\#(component)","topic":"t","route":"/\#(component)/\#(topic)","metadata":{"valueSchemaType":"Avro"},"deadLetterTopic":"d"}]"#
    )
    let policy = Rig.retries(2).mapValues { $0.replacingOccurrences(of: " pubsub:", with: " \(component):") }
    let files = AvroDeliveries.kafka(component, registry, more).merging(policy) { $1 }
    let notes = Notes()
    let rig = try await Rig(app: app, files: files) { $0.onNote = { notes.add($0) } }
    let before = try AvroMessage.named("quiz-before").bytes
    let after = try AvroMessage.named("quiz-after").bytes
    for body in [before, bad, after] { try await AvroDeliveries.produce(rig, component, "t", body, "metadata.partitionKey=s1") }
    let heard = try AvroDeliveries.recorded(recorded)
    if heard.count == 1 {
      await notes.heard(1)
      #expect(rig.sidecar.statistics["t"]?.undelivered == 2)
    } else {
      await rig.sidecar.idle()
      #expect(rig.sidecar.statistics["t"]?.lost == 1)
      #expect(notes.all.count == (more["backOffMaxRetries"] == nil ? 1 : 3))
    }
    AvroDeliveries.expectSame(app, heard)
    #expect(rig.sidecar.statistics["t"]?.deadLettered == 0)
    #expect(notes.all.allSatisfy { $0.hasPrefix("\(component): a message of t cannot be read: ") })
    await rig.stop()
    await registry.stop()
  }

  @Test("The first byte and what stands after the record are not looked at", arguments: ["magic", "extra"])
  func tolerated(_ topic: String) async throws {
    let registry = try TestRegistry()
    registry.add([try AvroMessage.named("quiz")])
    let app = AvroDeliveries.app(#"[{"pubsubname":"k1","topic":"t","route":"/k1/\#(topic)","metadata":{"valueSchemaType":"Avro"}}]"#)
    let rig = try await Rig(app: app, files: AvroDeliveries.kafka("k1", registry))
    var bytes = try AvroMessage.named(topic == "magic" ? "quiz-m" : "quiz-x").bytes
    if topic == "magic" { bytes[0] = 7 } else { bytes += [1, 2, 3] }
    for body in [try AvroMessage.named("quiz-before").bytes, bytes, try AvroMessage.named("quiz-after").bytes] {
      try await AvroDeliveries.produce(rig, "k1", "t", body, "metadata.partitionKey=s1")
    }
    await rig.sidecar.idle()
    AvroDeliveries.expectSame(app, try AvroDeliveries.recorded("avro-bad-default-\(topic)"))
    await rig.stop()
    await registry.stop()
  }

  @Test(
    "A bulk with one message that cannot be read is lost whole where the component gives up",
    arguments: [
      ("k4", ["consumeRetryEnabled": "false"], "avro-bad-noretry-bulk-good"),
      ("k5", ["backOffDuration": "1ms", "backOffMaxRetries": "2"], "avro-bad-retry2-bulk-good"),
    ])
  func badBulk(component: String, more: [String: String], recorded: String) async throws {
    let registry = try TestRegistry()
    registry.add([try AvroMessage.named("quiz")])
    // As in the recording, where g1 came alone, then the bad one with good ones, then g2.
    let app = AvroDeliveries.app(
      """
      [{"pubsubname":"\(component)","topic":"one","route":"/\(component)/bulk-good","metadata":{"valueSchemaType":"Avro"},
        "bulkSubscribe":{"enabled":true,"maxMessagesCount":1,"maxAwaitDurationMs":600000}},
       {"pubsubname":"\(component)","topic":"two","route":"/two","metadata":{"valueSchemaType":"Avro"},
        "bulkSubscribe":{"enabled":true,"maxMessagesCount":3,"maxAwaitDurationMs":600000}}]
      """)
    let rig = try await Rig(app: app, files: AvroDeliveries.kafka(component, registry, more))
    let key = "metadata.partitionKey=s1"
    try await AvroDeliveries.produce(rig, component, "one", try AvroMessage.named("quiz-g1").bytes, key)
    for body in [try AvroMessage.named("quiz-m").bytes, Array("{}".utf8), try AvroMessage.named("quiz-x").bytes] {
      try await AvroDeliveries.produce(rig, component, "two", body, key)
    }
    await rig.sidecar.idle()
    #expect(rig.sidecar.statistics["two"]?.lost == 3)
    try await AvroDeliveries.produce(rig, component, "one", try AvroMessage.named("quiz-g2").bytes, key)
    await rig.sidecar.idle()
    AvroDeliveries.expectSame(app, try AvroDeliveries.recorded(recorded))
    await rig.stop()
    await registry.stop()
  }
}
