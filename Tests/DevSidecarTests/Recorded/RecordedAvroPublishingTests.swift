import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Synchronization
import Testing

/// Publish calls whose messages are to be written in Avro, and what the recorded sidecar answered.
@Suite("Recorded Avro publishing")
struct RecordedAvroPublishingTests {
  /// What the broker got, in order.
  private final class Published: Sendable {
    private let bodies = Mutex<[[UInt8]]>([])
    func add(_ body: [UInt8]) { bodies.withLock { $0.append(body) } }
    func take() -> [[UInt8]] {
      bodies.withLock { bodies in
        defer { bodies = [] }
        return bodies
      }
    }
  }

  private static let event = #"{"type":"record","name":"Ev","fields":[{"name":"event_id","type":"string"}]}"#
  private static let widerEvent = """
    {"type":"record","name":"Ev","fields":[{"name":"event_id","type":"string"},{"name":"more","type":"int","default":0}]}
    """

  /// The eleven attributes of a CloudEvent, and the record as its data.
  private static func envelope(around schema: String) -> String {
    let attributes = [
      "datacontenttype", "id", "pubsubname", "source", "specversion", "time", "topic", "traceid", "traceparent", "tracestate", "type",
    ].map { #"{"name":"\#($0)","type":"string"}"# }
    return #"{"type":"record","name":"CE","fields":[\#(attributes.joined(separator: ",")),{"name":"data","type":\#(schema)}]}"#
  }

  private struct Bench {
    let registry: TestRegistry
    let rig: Rig
    let published: Published

    init() async throws {
      let registry = try TestRegistry()
      let metadata: [String: [String: String]] = [
        "kafka": [:], "kafkaj": ["useAvroJSON": "true"], "kafkac": ["valueSchemaType": "Avro"],
        "kafkattl": ["schemaLatestVersionCacheTTL": "1s"],
        "kafkanc": ["schemaCachingEnabled": "false"], "k6": [:], "k7": ["schemaCachingEnabled": "false"],
      ]
      var files = ["noreg.yaml": Rig.component("noreg", "pubsub.kafka", ["brokers": "localhost:9092"])]
      for (name, more) in metadata {
        let all = ["brokers": "localhost:9092", "schemaRegistryURL": registry.url].merging(more) { $1 }
        files["\(name).yaml"] = Rig.component(name, "pubsub.kafka", all)
      }
      let published = Published()
      rig = try await Rig(files: files) { $0.onPublish = { published.add($1) } }
      self.registry = registry
      self.published = published
    }

    /// Sends a recorded request and compares the answer, in which only the registry's port may differ.
    func expectSame(_ exchange: RecordedExchange, _ location: SourceLocation = #_sourceLocation) async throws {
      let answer = try await rig.client.send(
        HTTPCall(
          exchange.method, "http://127.0.0.1:\(rig.sidecar.port)\(exchange.target)", headers: exchange.headers,
          body: Array((exchange.body ?? "").utf8), deadline: 120_000))
      #expect(answer.status == exchange.status, "\(exchange.name)", sourceLocation: location)
      guard exchange.status != 204 else { return }
      let recorded = exchange.answer.replacing(/127\.0\.0\.1:889\d/, with: "127.0.0.1:\(registry.port)")
      if exchange.target.contains("/bulk/") {
        #expect(answer.text == recorded, "\(exchange.name)", sourceLocation: location)
      } else {
        for member in ["errorCode", "message"] {
          #expect(try Self.text(member, answer.text) == Self.text(member, recorded), "\(exchange.name)", sourceLocation: location)
        }
      }
    }

    private static func text(_ member: String, _ object: String) throws -> String? {
      (try JSONSerialization.jsonObject(with: Data(object.utf8)) as? [String: Any])?[member] as? String
    }

    func stop() async {
      await rig.stop()
      await registry.stop()
    }
  }

  private static func recorded(_ areas: String...) throws -> [RecordedExchange] {
    try areas.flatMap { try RecordedExchange.load("avro-publishing.jsonl", of: "DevSidecarTests", area: $0) }
  }

  @Test("What is taken and what is refused, with which words, and the bytes of what is taken")
  func judged() async throws {
    let bench = try await Bench()
    let plain = try AvroMessage.named("avro-publish/std/plain-unions")
    bench.registry.add(plain.id, plain.schema, subject: "rec2.c9.out-value")
    bench.registry.add(302, Self.envelope(around: plain.schema), subject: "rec2.c9.ce-value")
    let exchanges = try Self.recorded(
      "avro-publish/std/", "avro-publish/json/", "avro-publish/meta/", "avro-publish/subject-missing", "avro-publish/cloudevent-schema/",
      "avro-bulk-publish/"
    ).filter { !$0.name.contains("registry-down") }
    #expect(exchanges.count == 77)
    var compared = 0
    for exchange in exchanges {
      try await bench.expectSame(exchange)
      let published = bench.published.take()
      if exchange.status != 204 { #expect(published.isEmpty, "\(exchange.name)") }
      guard let message = AvroMessage.all[exchange.name] else { continue }
      compared += 1
      #expect(published == [message.bytes], "\(exchange.name)")
    }
    #expect(compared == 27)
    await bench.stop()
  }

  @Test("A null is published as it is, and what is not Avro stays what it was")
  func untouched() async throws {
    let bench = try await Bench()
    let plain = try AvroMessage.named("avro-publish/std/plain-unions")
    bench.registry.add(plain.id, plain.schema, subject: "rec2.c9.out-value")
    for exchange in try Self.recorded(
      "avro-publish/std/null\"", "avro-bulk-publish/tombstone", "avro-publish/meta/none", "avro-publish/meta/component-only",
      "avro-publish/meta/no-schematype")
    {
      try await bench.expectSame(exchange)
      let body = exchange.target.contains("/bulk/") ? "null" : exchange.body ?? ""
      #expect(bench.published.take() == [Array(body.utf8)], "\(exchange.name)")
    }
    // Recorded with a schema at hand; the component asks for none, nor whether it knows the type.
    await bench.registry.stop()
    let null = try #require(try Self.recorded("avro-publish/std/null\"").first)
    for change in [("kafka/", "kafkanc/"), ("kafka/", "noreg/"), ("=Avro", "=Foo")] {
      var exchange = null
      exchange.target = exchange.target.replacing(change.0, with: change.1)
      try await bench.expectSame(exchange)
      #expect(bench.published.take() == [Array("null".utf8)])
    }
    let entry = try #require(try Self.recorded("avro-bulk-publish/entry-schematype-only").first)
    try await bench.expectSame(entry)
    #expect(bench.published.take() == [Array(#"{"event_id":"b","n":1}"#.utf8)])
    await bench.stop()
  }

  @Test("The latest schema is asked for once and kept, whatever the cache's time, unless caching is off")
  func cached() async throws {
    let bench = try await Bench()
    bench.registry.add(1, Self.event, subject: "rec2.c9.cache-value")
    for exchange in try Self.recorded("avro-publish/cache/").filter({ $0.name.hasSuffix("-v1") }) { try await bench.expectSame(exchange) }
    bench.registry.add(2, Self.widerEvent, subject: "rec2.c9.cache-value")
    for exchange in try Self.recorded("avro-publish/cache/").filter({ !$0.name.hasSuffix("-v1") }) { try await bench.expectSame(exchange) }
    // Twice by the components with a cache, three times by the one without.
    #expect(bench.registry.targets == Array(repeating: "/subjects/rec2.c9.cache-value/versions/latest", count: 5))
    await bench.registry.stop()
    for exchange in try Self.recorded("avro-publish/registry-down-cache/") { try await bench.expectSame(exchange) }
    await bench.stop()
  }

  @Test("With the registry down, what is known goes on, and all else is refused at once; a registry that hangs is waited for")
  func registryDown() async throws {
    let bench = try await Bench()
    let quiz = try AvroMessage.named("quiz")
    bench.registry.add(quiz.id, quiz.schema, subject: "rec2.d4.cache-value")
    bench.registry.add(quiz.id, quiz.schema, subject: "rec2.d4.fresh-value")
    for exchange in try Self.recorded("avro-publish/registry-up") { try await bench.expectSame(exchange) }
    await bench.registry.stop()
    for exchange in try Self.recorded(
      "avro-publish/registry-down-known", "avro-publish/registry-down-unknown", "avro-publish/registry-down-no-cache",
      "avro-bulk-publish/registry-down")
    {
      try await bench.expectSame(exchange)
    }
    try bench.registry.start()
    bench.registry.fallSilent()
    for exchange in try Self.recorded("avro-publish/registry-hangs") { try await bench.expectSame(exchange) }
    await bench.stop()
  }
}
