internal import JSON
internal import MasteryCore

/// Writes the student document in its stored form.
///
/// The evidence is written canonically (days in order, components in order, times in milliseconds, numbers in shortest form), so equal
/// evidence gives equal bytes. Fields added by a newer release are written back as read.
struct StudentDocumentWriter: ~Copyable {
  private var json: JSONWriter

  /// The stored form of a document.
  static func bytes(of document: StudentDocument) -> [UInt8] {
    var writer = Self(json: JSONWriter(capacity: 1024 + 256 * document.evidence.days.count))
    writer.write(document)
    return writer.json.bytes
  }

  /// The evidence alone; equal evidence gives equal bytes.
  static func evidenceBytes(of document: StudentDocument) -> [UInt8] {
    var writer = Self(json: JSONWriter(capacity: 1024))
    writer.write(document.evidence)
    return writer.json.bytes
  }

  private mutating func write(_ document: StudentDocument) {
    json.beginObject()
    json.key("schema")
    json.integer(document.schema)
    // A tombstone's student is known from its key only.
    if !document.isTombstone {
      json.key("student_id")
      json.string(document.student.text)
    }
    if let school = document.school {
      json.key("school_id")
      json.string(school.text)
    }
    json.key("evidence")
    write(document.evidence)
    json.key("ledger")
    write(document.ledger)
    write(document.unknownFields)
    json.endObject()
  }

  private mutating func write(_ evidence: EvidenceRecord) {
    json.beginObject()
    json.key("cut")
    json.integer(evidence.cut.number)
    json.key("baseline")
    write(evidence.baseline)
    json.key("days")
    json.beginArray()
    for day in evidence.days {
      json.beginArray()
      json.integer(day.day.number)
      write(day.latest)
      json.endArray()
    }
    json.endArray()
    if let cohort = evidence.cohort {
      json.key("cohort")
      json.beginArray()
      json.string(cohort.cohort.text)
      json.integer(cohort.timestamp.milliseconds)
      json.string(cohort.event.text)
      json.endArray()
    }
    json.endObject()
  }

  private mutating func write(_ latest: ComponentValues<Evidence>) {
    json.beginObject()
    for (component, evidence) in latest {
      json.key(component.key)
      json.beginArray()
      json.integer(evidence.timestamp.milliseconds)
      json.string(evidence.event.text)
      json.number(evidence.score.value)
      if let source = evidence.source { json.string(source.text) }
      json.endArray()
    }
    json.endObject()
  }

  private mutating func write(_ ledger: Ledger) {
    json.beginObject()
    json.key("epoch")
    json.integer(ledger.epoch)
    json.key("revision")
    json.integer(ledger.revision)
    if let said = ledger.said { write(said) }
    json.key("outbox")
    json.beginArray()
    for entry in ledger.outbox { write(entry) }
    json.endArray()
    json.key("cohorts")
    json.beginArray()
    for cohort in ledger.cohorts { json.string(cohort.text) }
    json.endArray()
    if let forecast = ledger.forecast { write(forecast) }
    if let consent = ledger.consent { write(consent) }
    if let erasedAt = ledger.erasedAt {
      json.key("erased_at")
      json.integer(erasedAt.milliseconds)
    }
    if let erasing = ledger.erasing { write(erasing) }
    write(ledger.unknownFields)
    json.endObject()
  }

  private mutating func write(_ said: LastRevision) {
    json.key("said")
    json.beginObject()
    json.key("saved_at")
    json.integer(said.savedAt.milliseconds)
    if let previous = said.previousScore {
      json.key("previous_score")
      json.number(previous)
    }
    json.key("caused_by")
    json.beginArray()
    for event in said.causedBy { json.string(event.text) }
    json.endArray()
    json.key("caused_by_count")
    json.integer(said.causedByCount)
    json.key("revisions_since")
    json.integer(said.revisionsSince)
    json.endObject()
  }

  private mutating func write(_ entry: OutboxEntry) {
    json.beginObject()
    json.key("id")
    json.string(entry.id)
    json.key("topic")
    json.string(entry.topic)
    json.key("body")
    json.raw(entry.body.utf8)
    json.endObject()
  }

  private mutating func write(_ forecast: WeeklyForecast) {
    json.key("forecast")
    json.beginArray()
    json.integer(forecast.due.number)
    json.number(forecast.score)
    json.number(forecast.interval.lowerBound)
    json.number(forecast.interval.upperBound)
    json.endArray()
  }

  private mutating func write(_ consent: Consent) {
    json.key("consent")
    json.beginObject()
    json.key("granted")
    json.boolean(consent.granted)
    json.key("recorded_at")
    json.integer(consent.recordedAt.milliseconds)
    if let recordedBy = consent.recordedBy {
      json.key("recorded_by")
      json.string(recordedBy)
    }
    json.endObject()
  }

  private mutating func write(_ erasing: PendingErasure) {
    json.key("erasing")
    json.beginObject()
    json.key("asked_at")
    json.integer(erasing.askedAt.milliseconds)
    json.key("places")
    json.beginArray()
    for place in erasing.places { json.string(place) }
    json.endArray()
    json.key("cohorts")
    json.beginArray()
    for cohort in erasing.cohorts { json.string(cohort.text) }
    json.endArray()
    json.endObject()
  }

  private mutating func write(_ fields: [PreservedField]) {
    for field in fields {
      json.key(named: field.name)
      json.raw(field.json.utf8)
    }
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
