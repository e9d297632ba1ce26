internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore
internal import Schemas

/// An event that failed for a single student and waits unchanged on `mastery.retry` for another try.
struct DeferredEvent: Sendable {
  static let type: StaticString = "event.deferred"
  /// How long an event waits before each try, in milliseconds; after the last one it becomes a dead letter.
  static let waits: [Int64] = [1_000, 5_000, 30_000, 120_000, 600_000]
  /// Maximum bytes of an event that can wait: a message has to fit the broker whole.
  static let sizeLimit = EventReader.sizeLimit
  /// Maximum characters of the reason.
  private static let reasonLimit = 1_000

  /// The original event, without its envelopes.
  let original: [UInt8]
  /// SHA-256 of the original; the names of the message and of its copies are made from it.
  private let digest: String
  /// The event's metadata, which stays the same however often it is tried.
  let facts: DeliveryMetadata
  /// The topic that it first came from.
  let topic: String
  /// How often it has been deferred.
  let deferrals: Deferrals
  /// The earliest time of the next try.
  let notBefore: Timestamp
  /// When it was put at the end of the topic.
  let queuedAt: Timestamp
  /// Why it is waiting.
  let reason: String
  /// The student, so that it goes to the same partition each time.
  let student: StudentID?

  /// Creates an event that waits for the next try.
  ///
  /// - Parameters:
  ///   - original: The original event and its metadata.
  ///   - topic: The topic that it first came from.
  ///   - deferrals: How often it has been deferred, including this time; beyond the last wait, that wait is repeated.
  ///   - reason: Why it could not be processed.
  ///   - student: The event's student.
  ///   - now: The time.
  init(_ original: Delivery.Original, topic: String, _ deferrals: Deferrals, reason: String, student: StudentID?, now: Timestamp) {
    self.original = original.bytes
    digest = Digest.sha256(original.bytes)
    facts = original.facts
    self.topic = topic
    self.deferrals = deferrals
    notBefore = now.adding(milliseconds: Self.waits[min(deferrals.count, Self.waits.count) - 1])
    queuedAt = now
    self.reason = String(reason.unicodeScalars.prefix(Self.reasonLimit))
    self.student = student
  }

  /// How long it waits after it was put at the end of the topic, in milliseconds.
  var wait: Int64 { max(0, notBefore.milliseconds - queuedAt.milliseconds) }

  /// The same event, to be put at the end of the topic again.
  ///
  /// The rest of its wait is measured by this clock, because the clock that put it there may be a different one.
  ///
  /// - Parameters:
  ///   - now: The time.
  ///   - waited: How long it has waited since it was put there, in milliseconds.
  /// - Returns: The event to publish.
  func putBack(at now: Timestamp, waited: Int64) -> DeferredEvent {
    DeferredEvent(
      original: original, digest: digest, facts: facts, topic: topic, deferrals: deferrals.copied,
      notBefore: now.adding(milliseconds: max(0, wait - waited)), queuedAt: now, reason: reason, student: student)
  }

  /// The message id: the same at each delivery, and a new one each time it is put at the end.
  var messageID: String {
    let numbers = [deferrals.count, deferrals.failures, deferrals.copies].map { String($0) }
    let times = [deferrals.judgedAt, notBefore, queuedAt].map { $0.map { "\($0.milliseconds)" } ?? "" }
    return Digest.uuid(named: (["\(Self.type)", reason, digest] + numbers + times).joined(separator: "|"))
  }

  private init(
    original: [UInt8], digest: String, facts: DeliveryMetadata, topic: String, deferrals: Deferrals, notBefore: Timestamp,
    queuedAt: Timestamp, reason: String, student: StudentID?
  ) {
    self.original = original
    self.digest = digest
    self.facts = facts
    self.topic = topic
    self.deferrals = deferrals
    self.notBefore = notBefore
    self.queuedAt = queuedAt
    self.reason = reason
    self.student = student
  }

  /// The copy number and identity of this message.
  var copy: WaitingCopy {
    let times = [facts.envelopeTime, facts.brokerTime].map { $0.map { "\($0.milliseconds)" } ?? "" }
    let names = [digest, topic, facts.envelopeID ?? "", facts.brokerID ?? ""] + times
    let generation = deferrals.beganAt?.milliseconds ?? 0
    return WaitingCopy(message: names.joined(separator: "|"), generation: generation, number: deferrals.copies, id: messageID)
  }

  /// The event to publish.
  var event: OutgoingEvent {
    let bytes = CloudEvent.bytes(id: messageID, type: Self.type, time: queuedAt, trace: facts.trace) { json in
      if let student { json.member("student_id", student.text) }
      json.member("original_topic", topic)
      OriginalPayload.members.writeMembers(of: OriginalPayload(original), to: &json)
      json.member("envelope_id", facts.envelopeID)
      json.member("envelope_time", facts.envelopeTime?.milliseconds)
      if let unreadable = facts.unreadableTime { json.member("unreadable_time", unreadable) }
      json.member("broker_id", facts.brokerID)
      json.member("broker_time", facts.brokerTime?.milliseconds)
      json.member("retry_count", deferrals.count)
      json.member("failures", deferrals.failures)
      json.member("copies", deferrals.copies)
      json.member("judged_at", deferrals.judgedAt?.milliseconds)
      json.member("first_deferred_at", deferrals.beganAt?.milliseconds)
      json.member("not_before", notBefore.milliseconds)
      json.member("queued_at", queuedAt.milliseconds)
      json.member("reason", reason)
      json.trace(facts.trace)
    }
    return CloudEvent.outgoing(bytes, partitionKey: student?.text)
  }

  /// Reads the data of a deferred event; nil if it is something else.
  init?(_ data: JSONValue) {
    guard data["event_type"]?.text.map({ $0 == Self.type }) ?? false, let original = data.payload,
      let topic = data["original_topic"]?.string,
      let deferrals = Deferrals(data),
      let notBefore = data["not_before"]?.integer.flatMap({ Timestamp(exactly: $0) }),
      let queuedAt = data["queued_at"]?.integer.flatMap({ Timestamp(exactly: $0) })
    else { return nil }
    self.original = original
    digest = Digest.sha256(original)
    self.topic = topic
    self.deferrals = deferrals
    self.notBefore = notBefore
    self.queuedAt = queuedAt
    reason = data["reason"]?.string ?? ""
    student = data["student_id"]?.string.flatMap(StudentID.init)
    var facts = DeliveryMetadata()
    facts.envelopeID = data["envelope_id"]?.string
    facts.envelopeTime = data["envelope_time"]?.integer.flatMap { Timestamp(exactly: $0) }
    facts.unreadableTime = data["unreadable_time"]?.string
    facts.brokerID = data["broker_id"]?.string
    facts.take(brokerTime: data["broker_time"]?.integer)
    facts.trace.read(data)
    self.facts = facts
  }
}

extension DeferredEvent {
  /// Reads the data of a deferred event from text; nil if it is something else.
  init?(message text: [UInt8]) {
    let read = try? JSONDocument.parse(text) { (root) throws(Never) in Self(root) }
    guard let event = read ?? nil else { return nil }
    self = event
  }
}
