internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore
internal import Schemas

/// A failed event in its `mastery.dlq` form, complete enough to be repaired and sent again as the same event.
struct FailedEvent: Sendable {
  /// The kind of failure.
  enum Kind: String, CaseIterable {
    /// It breaks the rules of the Contract article, "Events in".
    case validation = "validation_error"
    /// The event is valid, but the student's document cannot accept it.
    case processing = "processing_error"
  }

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
    let id = rejection.eventID ?? Digest.uuid(named: "\(Self.shape.type)|\(topic)|\(digest)")
    return CloudEvent.bytes(id: id, Self.shape, self, time: failedAt, trace: trace)
  }

  static let shape = EventShape(
    "FailedEvent", to: Topic.deadLetters, "an event cannot be taken in",
    ObjectShape<Self>("FailedEvent", "an event that could not be taken in, complete enough to be repaired and sent again as the same event")
    {
      Member.all(ofOptional: Identity.members) { event in
        event.rejection.owner.map { Identity(student: $0.student, school: $0.school) }
      }
      Member.optional("original_event_type", .text(TextForm(length: 0...limits.type)), "the type that the event named") { event in
        event.rejection.type.map { String($0.unicodeScalars.prefix(limits.type)) }
      }
      Member("original_topic", .text(), "the topic that it came from") { $0.topic }
      Member.optional("original_time", .moment, "the time in force, so that a replay is the same event") { $0.rejection.timestamp }
      Member.all(of: OriginalPayload.members) { OriginalPayload($0.payload) }
      Member("original_length", .count, "the bytes of the original") { $0.length }
      Member("original_sha256", .text(TextForm(pattern: "^[0-9a-f]{64}$")), "the original's SHA-256 digest") { $0.digest }
      Member("error_message", .text(TextForm(length: 0...limits.message)), "what is wrong, in a sentence") {
        String($0.rejection.message.unicodeScalars.prefix(limits.message))
      }
      Member("error_type", .word, "whether the event breaks the rules, or the student's document cannot take it") { $0.kind }
      Member("failed_at", .moment, "when it failed") { $0.failedAt }
      Member("retry_count", .count, "how often it was tried again before it was given up") {
        $0.topic == Topic.retry ? max(1, $0.retries) : $0.retries
      }
    })

  private var digest: String { truncation?.digest ?? Digest.sha256(original) }

  /// The first bytes of the original, never cut inside a character.
  private var payload: ArraySlice<UInt8> {
    let head = original.prefix(Self.payloadLimit)
    var shown = head
    if truncation != nil || shown.count < original.count {
      // A character has at most three bytes after its first.
      for _ in 0..<3 where (shown.last ?? 0) & 0xC0 == 0x80 { shown.removeLast() }
      if let last = shown.last, last >= 0xC0 { shown.removeLast() }
    }
    return String(validating: shown, as: UTF8.self) == nil ? head : shown
  }
}
