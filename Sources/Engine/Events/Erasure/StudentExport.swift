internal import JSON
internal import MasteryCore

/// A student's own document in terms that need no knowledge of its storage.
///
/// Data past its retention is not shown, although it is only removed at the next write.
struct StudentExport {
  static let meaning =
    "What is known of this student: the scores by day within the retention, and what was in force before; how that stands now; the cohorts "
    + "ever named; what was said of consent; what was last announced, what still waits to be, and the last forecast that is kept."

  private let document: StudentDocument
  private let evidence: EvidenceRecord

  /// Creates the export of a document.
  init(_ document: StudentDocument, firstDay: Day) {
    self.document = document
    var evidence = document.evidence
    evidence.raise(cut: firstDay)
    self.evidence = evidence
  }

  func write(to json: inout JSONWriter) {
    let ledger = document.ledger
    json.beginObject()
    json.key("life")
    json.integer(ledger.epoch)
    json.key("revision")
    json.integer(ledger.revision)
    json.key("now")
    json.beginObject()
    let mastery = document.evidence.mastery()
    json.key("mastery_score")
    json.number(mastery.shown)
    json.key("level")
    json.string(mastery.level.rawValue)
    json.components(mastery.components)
    json.endObject()
    writeEvidence(to: &json)
    writeCohorts(to: &json)
    json.key("consent")
    json.beginObject()
    json.members(of: ledger.consent)
    json.endObject()
    json.key("erased_at")
    json.string(ledger.erasedAt?.iso8601)
    writeAnnounced(to: &json)
    // Fields added by a later release also belong to the student's data, whatever they mean.
    for field in document.unknownFields + ledger.unknownFields {
      json.key(named: field.name)
      json.raw(field.json.utf8)
    }
    json.endObject()
  }

  private func writeEvidence(to json: inout JSONWriter) {
    json.key("days")
    json.beginArray()
    for day in evidence.days {
      json.beginObject()
      json.key("date")
      json.string(day.day.iso8601)
      Self.write(day.latest, to: &json)
      json.endObject()
    }
    json.endArray()
    json.key("before")
    json.beginObject()
    json.key("date")
    json.string(evidence.cut.iso8601)
    Self.write(evidence.baseline, to: &json)
    json.endObject()
  }

  private static func write(_ latest: ComponentValues<Evidence>, to json: inout JSONWriter) {
    json.key("evidence")
    json.beginArray()
    for (component, evidence) in latest {
      json.beginObject()
      json.key("component")
      json.string(component.rawValue)
      json.key("score")
      json.number(evidence.score.value)
      json.key("timestamp")
      json.string(evidence.timestamp.iso8601)
      json.key("event_id")
      json.string(evidence.event.text)
      json.key("source")
      json.string(evidence.source?.text)
      json.endObject()
    }
    json.endArray()
  }

  private func writeCohorts(to json: inout JSONWriter) {
    json.key("cohort")
    if let cohort = document.evidence.cohort {
      json.beginObject()
      json.key("cohort_id")
      json.string(cohort.cohort.text)
      json.key("timestamp")
      json.string(cohort.timestamp.iso8601)
      json.key("event_id")
      json.string(cohort.event.text)
      json.endObject()
    } else {
      json.null()
    }
    json.key("cohorts")
    json.beginArray()
    for cohort in document.ledger.cohorts { json.string(cohort.text) }
    json.endArray()
  }

  private func writeAnnounced(to json: inout JSONWriter) {
    json.key("last_announced")
    if let said = document.ledger.said {
      json.beginObject()
      json.key("saved_at")
      json.string(said.savedAt.iso8601)
      json.key("previous_score")
      json.number(said.previousScore)
      json.causes(said.causedBy, of: said.causedByCount)
      json.endObject()
    } else {
      json.null()
    }
    json.key("weekly_forecast")
    if let forecast = document.ledger.forecast {
      json.beginObject()
      json.key("due")
      json.string(forecast.due.iso8601)
      json.key("score")
      json.number(forecast.score)
      json.key("low")
      json.number(forecast.interval.lowerBound)
      json.key("high")
      json.number(forecast.interval.upperBound)
      json.endObject()
    } else {
      json.null()
    }
    json.key("waiting_announcements")
    json.beginArray()
    for entry in document.ledger.outbox { json.raw(entry.body.utf8) }
    json.endArray()
  }
}
