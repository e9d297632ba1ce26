internal import JSON
internal import MasteryCore

/// Writes the student document in its stored form.
///
/// The evidence is written canonically (days in order, components in order, times in milliseconds, numbers in shortest form), so equal
/// evidence gives equal bytes. Fields added by a newer release are written back as read.
enum StudentDocumentWriter {
  /// The stored form of a document.
  static func bytes(of document: StudentDocument) -> [UInt8] {
    var json = JSONWriter(capacity: 1024 + 256 * document.evidence.topics.reduce(0) { $0 + $1.days.count })
    write(document, to: &json)
    return json.bytes
  }

  /// The evidence alone; equal evidence gives equal bytes.
  static func evidenceBytes(of document: StudentDocument) -> [UInt8] {
    var json = JSONWriter(capacity: 1024)
    json.evidence(document.evidence)
    return json.bytes
  }

  private static func write(_ document: StudentDocument, to json: inout JSONWriter) {
    json.object { json in
      json.member("schema", document.schema)
      // A tombstone's student is known from its key only.
      if !document.isTombstone { json.member("student_id", document.student.text) }
      if let school = document.school { json.member("school_id", school.text) }
      json.member("evidence") { $0.evidence(document.evidence) }
      json.member("ledger") { write(document.ledger, to: &$0) }
      write(document.unknownFields, to: &json)
    }
  }

  private static func write(_ ledger: Ledger, to json: inout JSONWriter) {
    json.object { json in
      json.member("epoch", ledger.epoch)
      json.member("revision", ledger.revision)
      if let last = ledger.lastRevision { write(last, to: &json) }
      json.array("outbox", of: ledger.outbox) { write($1, to: &$0) }
      json.array("cohorts", of: ledger.cohorts) { $0.string($1.text) }
      if let forecast = ledger.forecast { write(forecast, to: &json) }
      if let consent = ledger.consent { write(consent, to: &json) }
      if let erasedAt = ledger.erasedAt { json.member("erased_at", erasedAt.milliseconds) }
      if let erasing = ledger.erasing { write(erasing, to: &json) }
      write(ledger.unknownFields, to: &json)
    }
  }

  private static func write(_ last: LastRevision, to json: inout JSONWriter) {
    json.object("said") { json in
      json.member("saved_at", last.savedAt.milliseconds)
      if let previous = last.previousScore { json.member("previous_score", previous) }
      json.array("caused_by", of: last.causedBy) { $0.string($1.text) }
      json.member("caused_by_count", last.causedByCount)
      if !last.topics.isEmpty { json.objects("topics", of: last.topics) { $0.members(of: $1) } }
      json.member("revisions_since", last.revisionsSince)
    }
  }

  private static func write(_ entry: OutboxEntry, to json: inout JSONWriter) {
    json.object { json in
      json.member("id", entry.id)
      json.member("topic", entry.topic)
      json.member("body", raw: entry.body.utf8)
    }
  }

  private static func write(_ forecast: WeeklyForecast, to json: inout JSONWriter) {
    json.array("forecast") { json in
      json.integer(forecast.due.number)
      json.number(forecast.score)
      json.number(forecast.interval.lowerBound)
      json.number(forecast.interval.upperBound)
    }
  }

  private static func write(_ consent: Consent, to json: inout JSONWriter) {
    json.object("consent") { json in
      json.member("granted", consent.granted)
      json.member("recorded_at", consent.recordedAt.milliseconds)
      if let recordedBy = consent.recordedBy { json.member("recorded_by", recordedBy) }
    }
  }

  private static func write(_ erasing: PendingErasure, to json: inout JSONWriter) {
    json.object("erasing") { json in
      json.member("asked_at", erasing.askedAt.milliseconds)
      // The stored name stays as it is, for documents that are already stored.
      json.array("places", of: erasing.stores)
      json.array("cohorts", of: erasing.cohorts) { $0.string($1.text) }
    }
  }

  private static func write(_ fields: [PreservedField], to json: inout JSONWriter) {
    for field in fields { json.member(named: field.name, raw: field.json.utf8) }
  }
}

extension Component {
  /// The component's JSON name, by the Contract article, "Components".
  var key: StaticString {
    switch self {
    case .completion: "completion"
    case .quiz: "quiz"
    case .quality: "quality"
    case .consistency: "consistency"
    }
  }
}
