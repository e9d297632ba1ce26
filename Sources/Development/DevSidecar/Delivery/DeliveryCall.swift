internal import Encodings
internal import HTTPClient
internal import JSON

/// A batch on its way to the app, as recorded.
struct DeliveryCall {
  let path: String
  let headers: [(name: String, value: String)]
  let body: [UInt8]

  init(_ batch: Batch, for component: PubSubComponent, _ random: inout RandomBits) {
    let subscription = batch.subscription
    let first = batch.entries.first
    let isBulk = subscription.bulk != nil
    var headers = [("Content-Type", isBulk ? "application/json" : "application/cloudevents+json"), ("Pubsubname", subscription.pubsub)]
    let told = first.flatMap { ($0.message.isEvent || $0.read != nil) && !subscription.isRaw ? Self.told(in: $0.body) : nil }
    if let parent = told?.traceparent {
      headers.append(("traceparent", TraceContext(continuing: parent, &random).span(&random)))
    }
    if isBulk {
      body = Self.bulk(batch, for: component, &random)
    } else {
      body = first.map { Self.event($0.body, subscription, &random) } ?? []
      if let first { headers += Self.metadata(first.message, for: component).map { ($0.name, $0.value) } }
    }
    path = subscription.rules.first { $0.type != nil && $0.type == told?.type }?.path ?? subscription.path
    self.headers = headers
  }

  /// What headers and rules need from a CloudEvent.
  private static func told(in event: [UInt8]) -> (traceparent: String?, type: String?)? {
    try? JSONDocument.parse(event) { ($0["traceparent"]?.string, $0["type"]?.string) }
  }

  /// The publisher's metadata, and Kafka's.
  private static func metadata(_ message: Message, for component: PubSubComponent) -> [Message.Field] {
    var fields = message.fields
    var key = message.key
    if component.escapesHeaders {
      fields = fields.map { Message.Field(name: $0.name, value: escaped($0.value)) }
      key = key.map(escaped)
    }
    if component.addsPosition {
      if let key { fields.append(Message.Field(name: "__key", value: key)) }
      fields.append(Message.Field(name: "__offset", value: String(message.position.offset)))
      fields.append(Message.Field(name: "__partition", value: String(message.position.partition)))
      fields.append(Message.Field(name: "__timestamp", value: String(message.position.time)))
      fields.append(Message.Field(name: "__topic", value: message.position.topic))
    }
    if let key { fields.append(Message.Field(name: "partitionKey", value: key)) }
    return fields
  }

  /// A text as Go escapes it for a query: all but letters, digits, `-`, `_`, `.` and `~`, and a space as `+`.
  private static func escaped(_ text: String) -> String {
    PercentCoding.encode(text) { byte in
      switch byte {
      case 0x20, 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x7E: true
      default: false
      }
    }.replacing(" ", with: "+")
  }

  /// What a subscriber sees of one message: a raw subscription gets every body as bytes.
  private static func event(_ body: [UInt8], _ subscription: Subscription, _ random: inout RandomBits) -> [UInt8] {
    guard subscription.isRaw else { return body }
    return JSONWriter.object(capacity: body.count * 4 / 3 + 300) { writer in
      writer.member("data_base64") { writer in Base64.encode(body).withUnsafeBufferPointer { writer.string($0) } }
      writer.member("datacontenttype", "application/octet-stream")
      writer.member("id", random.uuid().uuid)
      writer.member("pubsubname", subscription.pubsub)
      writer.member("source", "Dapr")
      writer.member("specversion", "1.0")
      writer.member("topic", subscription.topic)
      writer.member("type", "com.dapr.event.sent")
    }
  }

  private static func bulk(_ batch: Batch, for component: PubSubComponent, _ random: inout RandomBits) -> [UInt8] {
    let size = batch.entries.reduce(512) { $0 + $1.body.count + 320 }
    return JSONWriter.object(capacity: batch.subscription.isRaw ? size * 4 / 3 : size) { writer in
      writer.objects("entries", of: batch.entries) { writer, entry in
        writer.member("entryId", String(entry.number))
        writer.member("event") { writer in
          if batch.subscription.isRaw {
            Base64.encode(entry.body).withUnsafeBufferPointer { writer.string($0) }
          } else {
            write(entry, &writer)
          }
        }
        writer.member("metadata") { write(entry.message, for: component, &$0) }
        writer.member("contentType", batch.subscription.isRaw ? "application/octet-stream" : "application/cloudevents+json" as StaticString)
      }
      writer.member("id", batch.id.uuid)
      writer.object("metadata") { $0.member("pubsubName", batch.subscription.pubsub) }
      writer.member("pubsubname", batch.subscription.pubsub)
      writer.member("topic", batch.subscription.topic)
      writer.member("type", "com.dapr.event.sent.bulk")
    }
  }

  /// An event of a bulk delivery, which is read and rewritten whoever published it.
  private static func write(_ entry: Batch.Entry, _ writer: inout JSONWriter) {
    guard !entry.message.isCanonical || entry.read != nil else { return writer.raw(entry.body) }
    let isRead: Void? = try? JSONDocument.parse(entry.body) { writer.canonical($0) }
    if isRead == nil { writer.null() }
  }

  private static func write(_ message: Message, for component: PubSubComponent, _ writer: inout JSONWriter) {
    let fields = metadata(message, for: component)
    guard !fields.isEmpty else { return writer.null() }
    writer.object { writer in for field in fields { writer.member(named: field.name, field.value) } }
  }
}
