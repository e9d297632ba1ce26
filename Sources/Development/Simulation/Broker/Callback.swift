internal import HTTPServer
internal import JSON
internal import MasteryCore

/// The requests by which a sidecar delivers events to a replica, in the recorded body forms.
enum Callback {
  /// A bulk delivery, whose entry ids are indices.
  static func bulk(_ messages: [Message], _ subscription: Subscription, attempt: Int) -> HTTPRequest {
    let json = JSONWriter.object(capacity: 512 * messages.count) { json in
      json.array("entries") { json in
        for (index, message) in messages.enumerated() {
          json.object { json in
            json.member("entryId", String(index))
            json.member("event") { write(message, subscription, attempt: attempt, to: &$0) }
            json.object("metadata") { json in
              for field in numbers(of: message) { json.member(named: field.name, field.value) }
            }
            json.member("contentType", "application/cloudevents+json" as StaticString)
          }
        }
      }
      json.member("id", "bulk-\(attempt)")
      json.member("pubsubname", subscription.component)
      json.member("topic", subscription.topic)
      json.member("type", "com.dapr.event.sent.bulk" as StaticString)
    }
    return request(subscription, json, contentType: "application/json", [])
  }

  /// A single delivery.
  static func single(_ message: Message, _ subscription: Subscription, attempt: Int) -> HTTPRequest {
    var json = JSONWriter(capacity: 512)
    write(message, subscription, attempt: attempt, to: &json)
    return request(subscription, json.bytes, contentType: "application/cloudevents+json", numbers(of: message))
  }

  private static func request(
    _ subscription: Subscription, _ body: [UInt8], contentType: String, _ fields: [HTTPField]
  ) -> HTTPRequest {
    let own = [
      HTTPField("Content-Type", contentType), HTTPField("User-Agent", "Go-http-client/1.1"),
      HTTPField("Pubsubname", subscription.component),
    ]
    return HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/events/\(subscription.topic)", fields: own + fields), body: body)
  }

  /// The Kafka metadata of a message.
  private static func numbers(of message: Message) -> [HTTPField] {
    guard message.isNumbered else { return [] }
    let parcel = message.parcel
    return [
      HTTPField("__key", message.content.student), HTTPField("__offset", String(parcel?.offset ?? message.offset)),
      HTTPField("__partition", String(parcel?.partition ?? message.partition)),
      HTTPField("__timestamp", String(parcel?.publishedAt ?? message.publishedAt)),
      HTTPField("__topic", parcel == nil ? message.topic : WorldTopics.waitingRoom),
    ]
  }

  // MARK: Envelopes

  private static func write(_ message: Message, _ subscription: Subscription, attempt: Int, to json: inout JSONWriter) {
    // A raw subscription delivers stored bytes, whoever wrote them.
    let form = subscription.isRaw ? .raw : message.parcel == nil ? message.form : .bare
    if form == .bare {
      json.raw(message.bytes)
      return
    }
    json.object { json in
      switch form {
      case .text:
        json.member("data", message.text)
        json.member("datacontenttype", "text/plain" as StaticString)
      case .base64, .raw:
        json.member("data_base64", base64(message.bytes))
        json.member("datacontenttype", "application/octet-stream" as StaticString)
      case .object, .bare:
        json.member("data", raw: message.text.utf8)
        json.member("datacontenttype", "application/json" as StaticString)
      }
      writeAttributes(message, subscription, isOwn: form.hasOwnEnvelope, attempt: attempt, to: &json)
    }
  }

  private static func writeAttributes(
    _ message: Message, _ subscription: Subscription, isOwn: Bool, attempt: Int, to json: inout JSONWriter
  ) {
    // The envelope around a raw payload is created at delivery, so its id differs each time.
    json.member("id", isOwn ? message.envelopeID : "raw-\(message.serial)-\(attempt)")
    json.member("source", isOwn ? "publisher" as StaticString : "Dapr")
    json.member("specversion", "1.0" as StaticString)
    if isOwn { json.member("time", Timestamp(milliseconds: message.envelopeTime).iso8601) }
    json.member("pubsubname", subscription.component)
    json.member("topic", subscription.topic)
    json.member("type", "com.dapr.event.sent" as StaticString)
  }

  /// Base64 with padding (RFC 4648, section 4).
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
      for digit in 0..<4 {
        text.append(digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
