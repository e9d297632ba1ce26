internal import JSON
internal import MasteryCore

/// Reads a student document in its stored form; unknown fields are preserved.
struct StudentDocumentReader {
  /// The newest schema version that can be read.
  static let newestReadable = StudentDocument.currentSchema + 1

  /// Reads the document of a student.
  ///
  /// - Parameters:
  ///   - value: The stored value.
  ///   - key: The student.
  ///   - announcements: Which announcements to read; the others are left out.
  /// - Returns: The document.
  /// - Throws: `DocumentFault` if it was written by a later release, is damaged, or belongs to another student.
  static func document(
    from value: JSONValue, of key: StudentKey, announcements: AnnouncementReading = .all
  ) throws(DocumentFault) -> StudentDocument {
    guard let schema = value["schema"]?.integer else { throw .unreadable("schema") }
    guard schema <= newestReadable else { throw .newerSchema(Int(schema)) }
    guard schema >= 1 else { throw .unreadable("schema") }
    try checkOwner(of: value, key)
    var evidence: EvidenceRecord?
    var ledger: Ledger?
    var unknown: [PreservedField] = []
    for (name, member) in value.members {
      switch name {
      case "schema", "student_id", "school_id": break
      case "evidence": evidence = try EvidenceRecord(member)
      case "ledger": ledger = try Self.ledger(from: member, of: key, announcements)
      default: unknown.append(preserved(name, member))
      }
    }
    guard let evidence, let ledger else { throw .unreadable("evidence, ledger") }
    return StudentDocument(
      student: key.student, school: key.school, evidence: evidence, ledger: ledger, schema: Int(schema), unknownFields: unknown)
  }

  private static func checkOwner(of value: JSONValue, _ key: StudentKey) throws(DocumentFault) {
    if let student = value["student_id"] {
      guard student.text?.matches(key.student.text) ?? false else { throw .unreadable("student_id") }
    } else {
      // A tombstone does not name its student.
      let ledger = value["ledger"]
      guard ledger?["erased_at"] != nil, ledger?["revision"]?.integer == 0 else { throw .unreadable("student_id") }
    }
    let school = value["school_id"]
    guard school?.string == key.school?.text, school == nil || key.school != nil else { throw .unreadable("school_id") }
  }

  private static func preserved(_ name: JSONText, _ value: JSONValue) -> PreservedField {
    PreservedField(name: name.string, json: text(of: value))
  }

  private static func text(of value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.copy(value)
    return writer.text
  }

  private static func timestamp(_ value: JSONValue?) -> Timestamp? {
    value?.integer.flatMap { Timestamp(exactly: $0) }
  }

  /// The range of counts of seconds or saves: no real count is beyond it, and one more would overflow.
  private static let counts: Range<Int64> = 0..<1 << 53

  private static func ledger(
    from value: JSONValue, of key: StudentKey, _ announcements: AnnouncementReading
  ) throws(DocumentFault) -> Ledger {
    guard let epoch = value["epoch"]?.integer, let revision = value["revision"]?.integer, counts.contains(epoch), counts.contains(revision)
    else {
      throw .unreadable("ledger")
    }
    var ledger = Ledger(epoch: epoch, revision: revision)
    for (name, member) in value.members {
      switch name {
      case "epoch", "revision": break
      case "said": ledger.lastRevision = try last(from: member)
      case "outbox":
        guard member.kind == .array else { throw .unreadable("ledger.outbox") }
        guard !announcements.skips(DocumentVersion(epoch: epoch, revision: revision), of: key) else { continue }
        for entry in member.elements {
          if let entry = try outboxEntry(from: entry, announcements) { ledger.outbox.append(entry) }
        }
      case "cohorts": for cohort in try cohorts(from: member) { ledger.remember(cohort) }
      case "forecast": ledger.forecast = try forecast(from: member)
      case "erasing": ledger.erasing = try erasing(from: member)
      case "consent": ledger.consent = try consent(from: member)
      case "erased_at":
        guard let moment = timestamp(member) else { throw .unreadable("ledger.erased_at") }
        ledger.erasedAt = moment
      default: ledger.unknownFields.append(preserved(name, member))
      }
    }
    return ledger
  }

  private static func last(from value: JSONValue) throws(DocumentFault) -> LastRevision {
    guard let savedAt = timestamp(value["saved_at"]), let count = value["caused_by_count"]?.integer, count >= 0,
      let causes = value["caused_by"], causes.kind == .array
    else { throw .unreadable("ledger.said") }
    var events: [EventID] = []
    for element in causes.elements {
      guard let event = element.string.flatMap(EventID.init) else { throw .unreadable("ledger.said") }
      events.append(event)
    }
    var topics: [CourseTopic] = []
    if let list = value["topics"] {
      guard list.kind == .array else { throw .unreadable("ledger.said") }
      for element in list.elements { topics.append(try CourseTopic(stored: element)) }
    }
    return LastRevision(
      savedAt: savedAt, previousScore: value["previous_score"]?.number, causedBy: events, causedByCount: Int(count), topics: topics,
      revisionsSince: value["revisions_since"]?.integer ?? 0)
  }

  private static func outboxEntry(from value: JSONValue, _ announcements: AnnouncementReading) throws(DocumentFault) -> OutboxEntry? {
    guard let id = value["id"]?.string, let topic = value["topic"]?.string, let body = value["body"] else {
      throw .unreadable("ledger.outbox")
    }
    return announcements.takes(id) ? OutboxEntry(id: id, topic: topic, body: text(of: body)) : nil
  }

  private static func forecast(from value: JSONValue) throws(DocumentFault) -> WeeklyForecast {
    var parts = value.elements
    guard let due = parts.next()?.integer, let score = parts.next()?.number, let low = parts.next()?.number,
      let high = parts.next()?.number, low <= high
    else { throw .unreadable("ledger.forecast") }
    return WeeklyForecast(due: Day(number: Int(due)), score: score, interval: low...high)
  }

  private static func cohorts(from value: JSONValue?) throws(DocumentFault) -> [CohortID] {
    guard let value, value.kind == .array else { throw .unreadable("ledger.cohorts") }
    var cohorts: [CohortID] = []
    for element in value.elements {
      guard let cohort = element.string.flatMap(CohortID.init) else { throw .unreadable("ledger.cohorts") }
      cohorts.append(cohort)
    }
    return cohorts
  }

  private static func erasing(from value: JSONValue) throws(DocumentFault) -> PendingErasure {
    // The stored name stays `places`, for documents that are already stored.
    guard let stores = value["places"], stores.kind == .array else { throw .unreadable("ledger.erasing") }
    var names: [String] = []
    for store in stores.elements {
      guard let name = store.string else { throw .unreadable("ledger.erasing") }
      names.append(name)
    }
    guard let askedAt = timestamp(value["asked_at"]) else { throw .unreadable("ledger.erasing") }
    return PendingErasure(stores: names, cohorts: try cohorts(from: value["cohorts"]), askedAt: askedAt)
  }

  private static func consent(from value: JSONValue) throws(DocumentFault) -> Consent {
    guard let granted = value["granted"]?.boolean, let at = timestamp(value["recorded_at"]) else { throw .unreadable("ledger.consent") }
    guard let recordedBy = value["recorded_by"] else { return Consent(granted: granted, recordedAt: at, recordedBy: nil) }
    guard let name = recordedBy.string else { throw .unreadable("ledger.consent") }
    return Consent(granted: granted, recordedAt: at, recordedBy: name)
  }
}
