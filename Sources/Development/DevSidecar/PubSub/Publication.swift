internal import Encodings
internal import JSON

/// Reads published bodies into messages.
struct Publication {
  /// Why a body is refused: the code and the message of the answer.
  struct Refused: Error {
    var status: Int
    var code: String
    var message: String
  }

  private var envelope: Envelope
  /// Whether anybody sees the bodies; if not, entries of a bulk are only judged, and their messages have none.
  private let isWanted: Bool

  init(_ envelope: Envelope, isWanted: Bool) {
    self.envelope = envelope
    self.isWanted = isWanted
  }

  /// The one message of a publish call.
  mutating func single(_ body: [UInt8], contentType: String?, _ metadata: PublishMetadata) throws(Refused) -> Message {
    guard !metadata.isRaw else { return message(body, isEvent: false, metadata) }
    let type = contentType ?? "text/plain"
    switch ContentKind(contentType) {
    case .event:
      guard let event = parsed(body, { $0.kind == .object ? envelope.complete($0, metadata, capacity: body.count) : nil }) else {
        throw Refused(status: 500, code: "ERR_PUBSUB_CLOUD_EVENTS_SER", message: "cannot create cloudevent: the body is no JSON object")
      }
      return message(event, isEvent: true, metadata)
    case .json:
      let event = parsed(body) { data in
        envelope.wrap(contentType: type, metadata, capacity: body.count) { writer in
          writer.member("data", data)
        }
      }
      return message(event ?? wrap(text: body, type, metadata), isEvent: true, metadata)
    case .bytes: return message(wrap(bytes: body, type, metadata), isEvent: true, metadata)
    case .text: return message(wrap(text: body, type, metadata), isEvent: true, metadata)
    }
  }

  /// The messages of a bulk publish call; all of them, or the reason for none.
  mutating func bulk(_ body: [UInt8], _ shared: PublishMetadata) throws(Refused) -> [Message] {
    do {
      return try JSONDocument.parse(body) { (root) throws(Refused) in
        guard root.kind == .array else { throw Self.malformed(envelope, "the body is no list of entries") }
        var ids: Set<String> = []
        var messages: [Message] = []
        let entries = root.elements
        for entry in entries {
          guard let id = entry["entryId"]?.string, !id.isEmpty, ids.insert(id).inserted else {
            throw Refused(
              status: 400, code: "ERR_PUBSUB_EVENTS_SER",
              message: "error marshaling events to bytes for topic \(envelope.topic) pubsub \(envelope.pubsub). "
                + "error: entryId is duplicated or not present for entry")
          }
          messages.append(try self.entry(entry, shared))
        }
        return messages
      }
    } catch {
      switch error {
      case .malformed(let why): throw Self.malformed(envelope, why)
      case .reading(let refused): throw refused
      }
    }
  }

  private static func malformed(_ envelope: Envelope, _ why: String) -> Refused {
    Refused(
      status: 400, code: "ERR_PUBSUB_EVENTS_SER",
      message: "error when unmarshaling the request for topic \(envelope.topic) pubsub \(envelope.pubsub): \(why)")
  }

  private mutating func entry(_ entry: JSONValue, _ shared: PublishMetadata) throws(Refused) -> Message {
    var metadata = shared
    if let given = entry["metadata"] {
      for (name, value) in given.members { metadata.set(name.string, value.string ?? "") }
    }
    guard let event = entry["event"] else { throw Self.malformed(envelope, "an entry needs \"event\"") }
    let type = entry["contentType"]?.string ?? (event.kind == .string ? "text/plain" : "application/json")
    guard isWanted else { return message([], isEvent: true, metadata) }
    // What the entry's own metadata says of it does nothing but go along.
    if shared.isRaw { return message(Self.rawBytes(of: event, type), isEvent: false, metadata) }
    switch (ContentKind(type), event.text) {
    case (.event, _) where event.kind == .object:
      return message(envelope.complete(event, metadata, capacity: 1024), isEvent: true, metadata)
    case (.event, _): throw Self.malformed(envelope, "a CloudEvent must be an object")
    case (.bytes, let text?):
      return message(wrap(bytes: Base64.decode(text.bytes) ?? Array(text.bytes), type, metadata), isEvent: true, metadata)
    case (.text, let text?): return message(wrap(text: Array(text.bytes), type, metadata), isEvent: true, metadata)
    default:
      let body = envelope.wrap(contentType: type, metadata, capacity: 640) { writer in
        writer.member("data") { $0.canonical(event) }
      }
      return message(body, isEvent: true, metadata, isCanonical: true)
    }
  }

  private static func rawBytes(of event: JSONValue, _ type: String) -> [UInt8] {
    switch (ContentKind(type), event.text) {
    case (.bytes, let text?): return Base64.decode(text.bytes) ?? Array(text.bytes)
    case (.text, let text?): return Array(text.bytes)
    default:
      var writer = JSONWriter()
      writer.canonical(event)
      return writer.bytes
    }
  }

  private func parsed(_ body: [UInt8], _ read: (JSONValue) -> [UInt8]?) -> [UInt8]? {
    (try? JSONDocument.parse(body, read)) ?? nil
  }

  private mutating func wrap(text: [UInt8], _ type: String, _ metadata: PublishMetadata) -> [UInt8] {
    envelope.wrap(contentType: type, metadata, capacity: text.count) { writer in
      writer.member("data", String(decoding: text, as: UTF8.self))
    }
  }

  private mutating func wrap(bytes: [UInt8], _ type: String, _ metadata: PublishMetadata) -> [UInt8] {
    envelope.wrap(contentType: type, metadata, capacity: bytes.count * 4 / 3) { writer in
      let text = Base64.encode(bytes)
      writer.member("data_base64") { writer in text.withUnsafeBufferPointer { writer.string($0) } }
    }
  }

  private func message(_ body: [UInt8], isEvent: Bool, _ metadata: PublishMetadata, isCanonical: Bool = false) -> Message {
    Message(body: body, isEvent: isEvent, isCanonical: isCanonical, key: metadata.key, fields: metadata.fields)
  }
}
