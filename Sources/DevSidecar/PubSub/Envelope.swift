internal import JSON

/// What wraps published bodies into CloudEvents, as recorded: the attributes in the order of their names.
struct Envelope {
  let pubsub: String
  let topic: String
  /// The publishing app, an event's `source`.
  let source: String
  /// Milliseconds since 1970.
  let now: Int64
  /// The same, as events say it.
  private let time: String
  private let trace: TraceContext
  private var random: RandomBits

  init(pubsub: String, topic: String, source: String, now: Int64, traceparent: String?, _ random: inout RandomBits) {
    self.pubsub = pubsub
    self.topic = topic
    self.source = source
    self.now = now
    time = Clock.text(now)
    trace = TraceContext(continuing: traceparent, &random)
    self.random = RandomBits(seed: random.next())
  }

  /// A CloudEvent around data that the closure writes as one member.
  mutating func wrap(
    contentType: String, _ metadata: PublishMetadata, capacity: Int, _ writeData: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: capacity + 440)
    let span = attribute("traceparent", metadata) ?? trace.span(&random)
    writer.beginObject()
    writeData(&writer)
    writer.member("datacontenttype", contentType)
    if let lifetime = metadata.lifetime { writer.member("expiration", Clock.text(now + lifetime * 1000)) }
    writer.member("id", attribute("id", metadata) ?? random.uuid().uuid)
    writer.member("pubsubname", pubsub)
    writer.member("source", attribute("source", metadata) ?? source)
    writer.member("specversion", "1.0")
    writer.member("time", time)
    writer.member("topic", topic)
    writer.member("traceid", attribute("traceid", metadata) ?? span)
    writer.member("traceparent", span)
    writer.member("tracestate", attribute("tracestate", metadata) ?? "")
    writer.member("type", attribute("type", metadata) ?? "com.dapr.event.sent")
    writer.endObject()
    return writer.bytes
  }

  /// A CloudEvent that the publisher made: kept, with what is missing added, but for `id`, which stays missing.
  mutating func complete(_ event: JSONValue, _ metadata: PublishMetadata, capacity: Int) -> [UInt8] {
    var writer = JSONWriter(capacity: capacity + 300)
    let span = trace.span(&random)
    let defaults = [
      ("source", "Dapr"), ("specversion", "1.0"), ("time", time), ("traceid", span), ("traceparent", span), ("tracestate", ""),
      ("type", "com.dapr.event.sent"),
    ]
    writer.beginObject()
    for (name, value) in event.members where !(name == "pubsubname" || name == "topic") {
      let name = name.string
      guard !metadata.attributes.contains(where: { $0.name == name }) else { continue }
      writer.key(named: name)
      writer.copy(value)
    }
    for field in metadata.attributes {
      writer.key(named: field.name)
      writer.string(field.value)
    }
    for (name, value) in defaults where event[named: name] == nil && attribute(name, metadata) == nil {
      writer.key(named: name)
      writer.string(value)
    }
    if let lifetime = metadata.lifetime { writer.member("expiration", Clock.text(now + lifetime * 1000)) }
    writer.member("pubsubname", pubsub)
    writer.member("topic", topic)
    writer.endObject()
    return writer.bytes
  }

  private func attribute(_ name: String, _ metadata: PublishMetadata) -> String? {
    metadata.attributes.isEmpty ? nil : metadata.attributes.last { $0.name == name }?.value
  }
}

extension JSONWriter {
  /// Writes a member that holds text.
  mutating func member(_ name: StaticString, _ text: String) {
    key(name)
    string(text)
  }
}
