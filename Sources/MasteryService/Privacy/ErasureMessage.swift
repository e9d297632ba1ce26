internal import DaprClient
internal import JSON
internal import MasteryCore

/// The engine's own request on `mastery.erasures` to erase a student, so that whatever ends the process the work is finished.
struct ErasureMessage: Sendable {
  private static let type: StaticString = "erasure.requested"

  /// Who is to be erased.
  let key: StudentKey
  /// When that was asked for.
  let askedAt: Timestamp
  /// When this copy was put at the end of the topic.
  let queuedAt: Timestamp
  /// How many copies came before it.
  let copies: Int

  /// A request that somebody makes now.
  init(_ key: StudentKey, askedAt moment: Timestamp) {
    self.init(key: key, askedAt: moment, queuedAt: moment, copies: 0)
  }

  private init(key: StudentKey, askedAt: Timestamp, queuedAt: Timestamp, copies: Int) {
    self.key = key
    self.askedAt = askedAt
    self.queuedAt = queuedAt
    self.copies = copies
  }

  /// Reads an event; nil where it is something else.
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
      copies: event["copies"]?.integer.flatMap { $0 < 0 ? nil : Int(exactly: $0) } ?? 0)
  }

  /// The same request at the end of the topic once more.
  func putBack(at now: Timestamp) -> ErasureMessage {
    ErasureMessage(key: key, askedAt: askedAt, queuedAt: now, copies: copies + 1)
  }

  /// The copy of the request that this is.
  ///
  /// A later request stands for an earlier one of the same student: it erases what that would, and more.
  var copy: WaitingCopy {
    WaitingCopy(
      message: key.documentKey, generation: askedAt.milliseconds, number: copies,
      id: "\(key.documentKey)|\(askedAt.milliseconds)|\(copies)|\(queuedAt.milliseconds)")
  }

  /// The event to publish.
  var event: OutgoingEvent {
    CloudEvent.outgoing(Self.type, of: key, epoch: askedAt.milliseconds, at: askedAt) { json in
      json.key("requested_at")
      json.integer(askedAt.milliseconds)
      json.key("queued_at")
      json.integer(queuedAt.milliseconds)
      json.key("copies")
      json.integer(copies)
    }
  }
}
