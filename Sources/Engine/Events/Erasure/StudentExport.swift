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
    evidence.raise(cutoff: firstDay)
    self.evidence = evidence
  }

  func write(to json: inout JSONWriter) {
    let ledger = document.ledger
    json.object { json in
      json.member("life", ledger.epoch)
      json.member("revision", ledger.revision)
      json.object("now") { json in
        let mastery = document.evidence.mastery()
        json.member("mastery_score", mastery.shown)
        json.member("level", mastery.level.rawValue)
        json.components(mastery.components)
      }
      writeEvidence(to: &json)
      writeCohorts(to: &json)
      json.object("consent") { $0.members(of: ledger.consent) }
      json.member("erased_at", ledger.erasedAt?.iso8601)
      writeAnnounced(to: &json)
      // Fields added by a later release also belong to the student's data, whatever they mean.
      for field in document.unknownFields + ledger.unknownFields { json.member(named: field.name, raw: field.json.utf8) }
    }
  }

  private func writeEvidence(to json: inout JSONWriter) {
    json.objects("days", of: evidence.days) { json, day in
      json.member("date", day.day.iso8601)
      Self.write(day.latest, to: &json)
    }
    json.object("before") { json in
      json.member("date", evidence.cutoff.iso8601)
      Self.write(evidence.baseline, to: &json)
    }
  }

  private static func write(_ latest: ComponentValues<Evidence>, to json: inout JSONWriter) {
    json.array("evidence") { json in
      for (component, evidence) in latest {
        json.object { json in
          json.member("component", component.rawValue)
          json.member("score", evidence.score.value)
          json.member("timestamp", evidence.timestamp.iso8601)
          json.member("event_id", evidence.event.text)
          json.member("source", evidence.source?.text)
        }
      }
    }
  }

  private func writeCohorts(to json: inout JSONWriter) {
    json.object("cohort", of: document.evidence.cohort) { json, cohort in
      json.member("cohort_id", cohort.cohort.text)
      json.member("timestamp", cohort.timestamp.iso8601)
      json.member("event_id", cohort.event.text)
    }
    json.array("cohorts", of: document.ledger.cohorts) { $0.string($1.text) }
  }

  private func writeAnnounced(to json: inout JSONWriter) {
    json.object("last_announced", of: document.ledger.lastRevision) { json, last in
      json.member("saved_at", last.savedAt.iso8601)
      json.member("previous_score", last.previousScore)
      json.causes(last.causedBy, of: last.causedByCount)
    }
    json.object("weekly_forecast", of: document.ledger.forecast) { json, forecast in
      json.member("due", forecast.due.iso8601)
      json.member("score", forecast.score)
      json.member("low", forecast.interval.lowerBound)
      json.member("high", forecast.interval.upperBound)
    }
    json.array("waiting_announcements", of: document.ledger.outbox) { $0.raw($1.body.utf8) }
  }
}
