internal import Encodings
internal import JSON

/// Wraps published bodies into CloudEvents with the recorded attributes.
struct Envelope {
  let pubsub: String
  let topic: String
  /// The publishing app, an event's `source`.
  let source: String
  /// Milliseconds since 1970.
  let now: Int64
  private let trace: TraceContext
  private var random: RandomBits
  /// The time as events write it.
  private let time: String
  /// The members that are the same in all events of one call, as JSON text.
  private let destination: [UInt8]
  private let component: [UInt8]
  private let version: [UInt8]

  init(pubsub: String, topic: String, source: String, now: Int64, traceparent: String?, _ random: inout RandomBits) {
    self.pubsub = pubsub
    self.topic = topic
    self.source = source
    self.now = now
    time = Clock.text(now)
    trace = TraceContext(continuing: traceparent, &random)
    self.random = RandomBits(seed: random.next())
    destination = Self.members([("pubsubname", pubsub), ("topic", topic)])
    component = Self.members([("pubsubname", pubsub)])
    version = Self.members([("specversion", "1.0"), ("time", time), ("topic", topic)])
  }

  /// Members as they are written inside an object.
  private static func members(_ members: [(StaticString, String)]) -> [UInt8] {
    var writer = JSONWriter(capacity: 160)
    for (name, value) in members { writer.member(name, value) }
    return writer.bytes
  }

  /// A CloudEvent around data that the closure writes as one member; its members are sorted, as Go writes them.
  mutating func wrap(
    contentType: String, _ metadata: PublishMetadata, capacity: Int, _ writeData: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    JSONWriter.object(capacity: capacity + 440) { writer in
      writeData(&writer)
      writer.member("datacontenttype", contentType)
      writeExpiration(&writer, metadata)
      writer.member("id", attribute("id", metadata) ?? random.uuid().uuid)
      writer.raw(component)
      writer.member("source", attribute("source", metadata) ?? source)
      writer.raw(version)
      writeTrace(&writer, metadata)
      writer.member("type", attribute("type", metadata) ?? "com.dapr.event.sent")
    }
  }

  /// A CloudEvent that the publisher made: kept, with missing attributes added, except for `id`, which stays missing.
  mutating func complete(_ event: JSONValue, _ metadata: PublishMetadata, capacity: Int) -> [UInt8] {
    var writer = JSONWriter(capacity: capacity + 300)
    var (hasSource, hasVersion, hasTime, hasTrace, hasType) = (false, false, false, false, false)
    writer.object { writer in
      for (name, value) in event.members {
        switch name {
        case "pubsubname", "topic", "traceid", "tracestate": continue
        case "source": hasSource = true
        case "specversion": hasVersion = true
        case "time": hasTime = true
        case "traceparent": hasTrace = true
        case "type": hasType = true
        default: break
        }
        // Values from the metadata replace the event's own.
        guard !metadata.attributes.contains(where: { name.bytes.elementsEqual($0.name.utf8) }) else { continue }
        writer.member(name, value)
      }
      for field in metadata.attributes { writer.member(named: field.name, field.value) }
      if !hasSource, attribute("source", metadata) == nil { writer.member("source", "Dapr") }
      if !hasVersion, attribute("specversion", metadata) == nil { writer.member("specversion", "1.0") }
      if !hasTime, attribute("time", metadata) == nil { writer.member("time", time) }
      if !hasType, attribute("type", metadata) == nil { writer.member("type", "com.dapr.event.sent") }
      if hasTrace {
        let parent = event["traceparent"]?.string ?? ""
        writer.member("traceid", event["traceid"]?.string ?? parent)
        writer.member("tracestate", event["tracestate"]?.string ?? "")
      } else if metadata.attributes.isEmpty {
        writeTrace(&writer, metadata)
      }
      writer.raw(destination)
      writeExpiration(&writer, metadata)
    }
    return writer.bytes
  }

  private mutating func writeTrace(_ writer: inout JSONWriter, _ metadata: PublishMetadata) {
    let span = attribute("traceparent", metadata) ?? trace.span(&random)
    writer.member("traceid", attribute("traceid", metadata) ?? span)
    writer.member("traceparent", span)
    writer.member("tracestate", attribute("tracestate", metadata) ?? "")
  }

  private func writeExpiration(_ writer: inout JSONWriter, _ metadata: PublishMetadata) {
    if let lifetime = metadata.lifetime { writer.member("expiration", Clock.text(now + lifetime * 1000)) }
  }

  private func attribute(_ name: String, _ metadata: PublishMetadata) -> String? {
    metadata.attributes.isEmpty ? nil : metadata.attributes.last { $0.name == name }?.value
  }
}
