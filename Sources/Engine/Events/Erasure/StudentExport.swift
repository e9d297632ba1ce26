internal import JSON
internal import MasteryCore
internal import Schemas

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
        ComponentShapes.members.writeMembers(of: mastery.components, to: &json)
      }
      writeEvidence(to: &json)
      writeCohorts(to: &json)
      json.object("consent") { Consent.members.writeMembers(of: ledger.consent, to: &$0) }
      json.member("erased_at", ledger.erasedAt?.iso8601)
      writeAnnounced(to: &json)
      // Fields added by a later release also belong to the student's data, whatever they mean.
      for field in document.unknownFields + ledger.unknownFields { json.member(named: field.name, raw: field.json.utf8) }
    }
  }

  private func writeEvidence(to json: inout JSONWriter) {
    var days: [Day: [(CourseTopic, EvidenceDay)]] = [:]
    for topic in evidence.topics {
      for day in topic.days { days[day.day, default: []].append((topic.topic, day)) }
    }
    json.objects("days", of: days.sorted { $0.key < $1.key }) { json, day in
      json.member("date", day.key.iso8601)
      json.array("evidence") { json in
        for (topic, day) in day.value {
          for (component, evidence) in day.latest { Self.write(evidence, of: component, topic, to: &json) }
        }
      }
    }
    json.object("before") { json in
      json.member("date", evidence.cutoff.iso8601)
      json.array("evidence") { json in
        for topic in evidence.topics {
          for (component, earlier) in topic.baseline {
            Self.write(earlier.latest, of: component, topic.topic, to: &json)
            if let before = earlier.before { Self.write(before, of: component, topic.topic, to: &json) }
          }
        }
      }
    }
  }

  private static func write(_ evidence: Evidence, of component: Component, _ topic: CourseTopic, to json: inout JSONWriter) {
    json.object { json in
      CourseTopic.members.writeMembers(of: topic, to: &json)
      json.member("component", component.rawValue)
      if evidence.isRetracted { json.member("retracted", true) } else { json.member("score", evidence.score.value) }
      json.figures(of: evidence.content)
      json.member("timestamp", evidence.timestamp.iso8601)
      json.member("event_id", evidence.event.text)
      if evidence.correction != .none { json.member("correction", evidence.correction.number) }
      json.member("source", evidence.source?.text)
    }
  }

  private func writeCohorts(to json: inout JSONWriter) {
    // Where there are several, the one that is named where only one can be.
    json.object("cohort", of: document.evidence.cohort) { Self.write($1, to: &$0) }
    json.objects("cohorts_by_course", of: document.evidence.cohorts.filter { $0.course != nil }) { json, cohort in
      json.member("course_id", cohort.course?.text)
      Self.write(cohort, to: &json)
    }
    json.array("cohorts", of: document.ledger.cohorts) { $0.string($1.text) }
  }

  private static func write(_ cohort: CohortMembership, to json: inout JSONWriter) {
    json.member("cohort_id", cohort.cohort.text)
    json.member("timestamp", cohort.timestamp.iso8601)
    json.member("event_id", cohort.event.text)
  }

  private func writeAnnounced(to json: inout JSONWriter) {
    json.object("last_announced", of: document.ledger.lastRevision) { json, last in
      json.member("saved_at", last.savedAt.iso8601)
      json.member("previous_score", last.previousScore)
      Causes.members.writeMembers(of: Causes(events: last.causedBy, count: last.causedByCount), to: &json)
      if !last.topics.isEmpty { json.objects("topics", of: last.topics) { CourseTopic.members.writeMembers(of: $1, to: &$0) } }
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

extension JSONWriter {
  /// Writes the figures that evidence was made of, under the names of their fields in events.
  fileprivate mutating func figures(of content: EvidenceContent) {
    switch content {
    case .given, .retracted: break
    case .completion(let evidence):
      member("total_exercises", evidence.totalExercises)
      member("completed_exercises", evidence.completedExercises)
      member("difficulty", evidence.difficulty.rawValue)
    case .quiz(let evidence):
      member("total_questions", evidence.totalQuestions)
      member("correct_answers", evidence.correctAnswers)
      if let time = evidence.timeSpent { member("time_spent", time) }
      if let attempts = evidence.attempts { member("attempts", attempts) }
    case .quality(let evidence):
      for judgement in evidence.judgements { member(named: judgement.name, judgement.value) }
    case .consistency(let evidence):
      member("current_streak", evidence.currentStreak)
      member("max_streak", evidence.maxStreak)
      member("days_since_last_activity", evidence.daysSinceLastActivity)
    }
  }
}
