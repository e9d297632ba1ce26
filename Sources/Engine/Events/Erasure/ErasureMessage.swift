internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

/// The engine's own request on `mastery.erasures` to erase a student, so that the work is finished even if the process ends.
struct ErasureMessage: Sendable {
  private static let type: StaticString = "erasure.requested"

  /// The student to erase.
  let key: StudentKey
  /// When the erasure was requested.
  let askedAt: Timestamp
  /// When this copy was put at the end of the topic.
  let queuedAt: Timestamp
  /// Number of earlier copies.
  let copies: Int

  /// Creates the first copy of a request.
  init(_ key: StudentKey, askedAt moment: Timestamp) {
    self.init(key: key, askedAt: moment, queuedAt: moment, copies: 0)
  }

  private init(key: StudentKey, askedAt: Timestamp, queuedAt: Timestamp, copies: Int) {
    self.key = key
    self.askedAt = askedAt
    self.queuedAt = queuedAt
    self.copies = copies
  }

  /// Reads an event; nil if it is something else.
  init?(_ event: JSONValue) {
    guard event["event_type"]?.text.map({ $0 == Self.type }) ?? false, let student = event["student_id"]?.string.flatMap(StudentID.init),
      let moment = event["requested_at"]?.integer.flatMap({ Timestamp(exactly: $0) })
    else { return nil }
    let school = event["school_id"]
    let id = school?.string.flatMap(SchoolID.init)
    guard school == nil || id != nil else { return nil }
    self.init(
      key: StudentKey(school: id, student: student), askedAt: moment,
      queuedAt: event["queued_at"]?.integer.flatMap { Timestamp(exactly: $0) } ?? moment,
      copies: event["copies"]?.integer.flatMap { WaitingCopy.numbers.contains($0) ? Int($0) : nil } ?? 0)
  }

  /// The same request, to be put at the end of the topic again.
  func putBack(at now: Timestamp) -> ErasureMessage {
    ErasureMessage(key: key, askedAt: askedAt, queuedAt: now, copies: copies + 1)
  }

  /// The copy number and identity of this message.
  ///
  /// A later request replaces an earlier one for the same student, because it erases at least as much.
  var copy: WaitingCopy {
    WaitingCopy(
      message: key.documentKey, generation: askedAt.milliseconds, number: copies,
      id: "\(key.documentKey)|\(askedAt.milliseconds)|\(copies)|\(queuedAt.milliseconds)")
  }

  /// The event to publish.
  var event: OutgoingEvent {
    let id = CloudEvent.id(ofErasure: Self.type, key: key, epoch: askedAt.milliseconds, at: askedAt)
    let bytes = CloudEvent.bytes(id: id, type: Self.type, time: askedAt) { json in
      Identity.members.writeMembers(of: Identity(student: key.student, school: key.school), to: &json)
      json.member("requested_at", askedAt.milliseconds)
      json.member("queued_at", queuedAt.milliseconds)
      json.member("copies", copies)
    }
    return CloudEvent.outgoing(bytes, partitionKey: key.student.text)
  }
}
