internal import NaiveMastery

/// The laws about what is said of a document.
struct ResultLaws {
  private let aftermath: Aftermath
  private let record: Aftermath.Record

  init(_ aftermath: Aftermath, _ record: Aftermath.Record) {
    self.aftermath = aftermath
    self.record = record
  }

  /// What replicas saved.
  private var saved: [Aftermath.Revision] { record.revisions.filter { !$0.isForeign } }

  private var results: [SaidEvent] { record.said.filter { $0.topic == "mastery.results" } }

  /// Revisions that do not follow each other.
  var forked: String? {
    var last: StoredDocument?
    for revision in saved {
      let next = revision.document
      if let last, last.epoch == next.epoch {
        if next.revision != last.revision + 1 { return "revision \(next.revision) was saved after \(last.revision)" }
      } else {
        if next.revision != 1 { return "a document began with revision \(next.revision)" }
        if let last, next.epoch <= last.epoch { return "epoch \(next.epoch) came after \(last.epoch)" }
      }
      last = next
    }
    return nil
  }

  /// A last result that is not what stands there.
  var outdated: String? {
    guard let document = saved.last?.document, !isSilenced else { return nil }
    guard let last = results.max(by: { ($0.epoch, $0.revision) < ($1.epoch, $1.revision) }) else { return "nothing was ever said" }
    guard (last.epoch, last.revision) == (document.epoch, document.revision) else {
      return "revision \(document.revision) stands there, and \(last.revision) was said last"
    }
    return Self.difference(last, document)
  }

  /// What no replica can mend: some revisions may never have been spoken of.
  private var isSilenced: Bool { record.isAfflicted(by: .unreadableDocument, .keyFailsForGood) || isDisputed }

  /// Whether one replica's clock let an event in that another's had to refuse: then nobody may come back to what it changed.
  private var isDisputed: Bool {
    record.messages.contains { aftermath.chronicle.admissions.contains($0.serial) && aftermath.chronicle.refusals.contains($0.serial) }
  }

  /// A result of what was not saved by then, or says something else.
  var unsaved: String? {
    for result in results {
      let revision = saved.first { $0.document.epoch == result.epoch && $0.document.revision == result.revision }
      guard let revision, revision.at <= result.at else { return "revision \(result.revision) was said before it was saved" }
      if let difference = Self.difference(result, revision.document) { return difference }
    }
    return nil
  }

  private static func difference(_ result: SaidEvent, _ document: StoredDocument) -> String? {
    let mastery = document.student.mastery()
    guard result.score == NaiveScore.shown(mastery), result.level == NaiveScore.level(mastery) else {
      return "revision \(result.revision) was said to be \(result.score ?? -1) \(result.level ?? "?"), and is \(mastery)"
    }
    return nil
  }

  /// An id that stands for two contents.
  static func ambiguous(_ aftermath: Aftermath) -> String? {
    var contents: [String: [UInt8]] = [:]
    for event in aftermath.said where event.topic != "mastery.dlq" {
      guard let known = contents.updateValue(event.body, forKey: event.id), known != event.body else { continue }
      return "\(event.id) stands for \(String(decoding: known, as: UTF8.self)) and \(String(decoding: event.body, as: UTF8.self))"
    }
    return nil
  }

  // MARK: Announcements

  /// What is to be announced, or was, of one revision.
  private struct Announced: Hashable {
    let epoch: Int64
    let revision: Int64
    let what: String
  }

  /// An announcement that is missing or should not be.
  var misannounced: String? {
    let due = due
    let said = Set(
      record.said.filter { $0.topic != "mastery.results" }.map { event in
        let what =
          event.topic == "mastery.events" ? "\(event.previousLevel ?? "?") to \(event.level ?? "?")" : event.path.joined(separator: " ")
        return Announced(epoch: event.epoch, revision: event.revision, what: what)
      })
    if let wrong = said.subtracting(due).min(by: Self.isBefore) { return "\(wrong.what) was announced of revision \(wrong.revision)" }
    guard !isSilenced, let missing = due.subtracting(said).min(by: Self.isBefore) else { return nil }
    return "\(missing.what) was not announced of revision \(missing.revision)"
  }

  private var due: Set<Announced> {
    var due: Set<Announced> = []
    var before: StoredDocument?
    for revision in saved {
      let document = revision.document
      let student = document.student
      let previous = before.flatMap { $0.epoch == document.epoch ? $0.student : nil }
      let levels = (previous.map { NaiveScore.level($0.mastery()) } ?? "beginner", NaiveScore.level(student.mastery()))
      if levels.0 != levels.1 {
        due.insert(Announced(epoch: document.epoch, revision: document.revision, what: "\(levels.0) to \(levels.1)"))
      }
      let weak = student.weak()
      if weak != previous?.weak() ?? Set(NaiveScore.weights.map(\.component)) {
        let path = weak.isEmpty ? ["challenge_exercises", "advanced_topics"] : NaiveRecommendations.areas(for: student.components())
        due.insert(Announced(epoch: document.epoch, revision: document.revision, what: path.joined(separator: " ")))
      }
      before = document
    }
    return due
  }

  private static func isBefore(_ left: Announced, _ right: Announced) -> Bool {
    (left.epoch, left.revision, left.what) < (right.epoch, right.revision, right.what)
  }
}
