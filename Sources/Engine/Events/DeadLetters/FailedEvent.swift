internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// A failed event in its `mastery.dlq` form, complete enough to be repaired and sent again as the same event.
struct FailedEvent: Sendable {
  /// The kind of failure.
  enum Kind: String {
    /// It breaks the rules of the Contract article, "Events in".
    case validation = "validation_error"
    /// The event is valid, but the student's document cannot accept it.
    case processing = "processing_error"
  }

  private static let type: StaticString = "FailedEvent"
  /// Maximum characters of the message, and of the type named in the original.
  private static let limits = (message: 1_000, type: 200)
  /// Maximum bytes of the original to include.
  private static let payloadLimit = 64 << 10

  let kind: Kind
  let rejection: EventRejection
  let original: [UInt8]
  /// The size and digest of the complete original, if only its first bytes are included.
  var truncation: Delivery.Original.Truncation?
  /// The topic that it came from.
  let topic: String
  let failedAt: Timestamp
  /// How often it was retried before it was given up.
  var retries = 0
  /// The trace that it belongs to.
  var trace = EventTrace()

  /// The possible owners: the owner, or, if unknown, every student that the original names.
  var students: MeantStudents {
    rejection.owner.map { MeantStudents(keys: [$0]) } ?? NamedStudents(in: original).meant
  }

  /// Size of the original in bytes.
  var length: Int { truncation?.length ?? original.count }

  /// The event to publish.
  ///
  /// Its `event_id` identifies a redelivery of the same event.
  var event: OutgoingEvent { CloudEvent.outgoing(bytes, partitionKey: rejection.owner?.student.text) }

  /// The event's data, without its envelope.
  var data: [UInt8] {
    let data = try? JSONDocument.parse(bytes) { (root) throws(Never) -> [UInt8] in
      var json = JSONWriter(capacity: bytes.count)
      if let data = root["data"] { json.copy(data) }
      return json.bytes
    }
    return data ?? []
  }

  private var bytes: [UInt8] {
    let digest = truncation?.digest ?? Digest.sha256(original)
    let id = rejection.eventID ?? Digest.uuid(named: "\(Self.type)|\(topic)|\(digest)")
    return CloudEvent.bytes(id: id, type: Self.type, time: failedAt, trace: trace) { json in write(to: &json, digest: digest) }
  }

  private func write(to json: inout JSONWriter, digest: String) {
    if let owner = rejection.owner { json.identity(owner.student, owner.school, nil) }
    if let type = rejection.type { json.member("original_event_type", String(type.unicodeScalars.prefix(Self.limits.type))) }
    json.member("original_topic", topic)
    if let timestamp = rejection.timestamp { json.member("original_time", timestamp.iso8601) }
    writePayload(to: &json)
    json.member("original_length", length)
    json.member("original_sha256", digest)
    json.member("error_message", String(rejection.message.unicodeScalars.prefix(Self.limits.message)))
    json.member("error_type", kind.rawValue)
    json.member("failed_at", failedAt.iso8601)
    json.member("retry_count", topic == Topic.retry ? max(1, retries) : retries)
  }

  /// The first bytes of the payload, never cut inside a character.
  private func writePayload(to json: inout JSONWriter) {
    let head = original.prefix(Self.payloadLimit)
    var shown = head
    if truncation != nil || shown.count < original.count {
      // A character has at most three bytes after its first.
      for _ in 0..<3 where (shown.last ?? 0) & 0xC0 == 0x80 { shown.removeLast() }
      if let last = shown.last, last >= 0xC0 { shown.removeLast() }
    }
    json.payload(String(validating: shown, as: UTF8.self) == nil ? head : shown)
  }
}
