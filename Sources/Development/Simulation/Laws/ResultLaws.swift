internal import NaiveMastery

/// The laws about what is published about a document.
struct ResultLaws {
  private let aftermath: Aftermath
  private let record: Aftermath.Record

  init(_ aftermath: Aftermath, _ record: Aftermath.Record) {
    self.aftermath = aftermath
    self.record = record
  }

  /// The revisions that replicas saved.
  var saved: [Aftermath.Revision] { record.revisions.filter { !$0.isForeign } }

  var results: [SaidEvent] { record.said.filter { $0.topic == "mastery.results" } }

  /// The announcements of erasures.
  private var erasures: [SaidEvent] { record.said.filter { $0.topic == "mastery.erased" } }

  /// Revisions that do not follow each other.
  var forked: String? {
    var last: StoredDocument?
    var bytes: [UInt8] = []
    var wasBlind = false
    for revision in saved {
      let next = revision.document
      defer {
        bytes = revision.bytes
        wasBlind = wasBlind || next.isTombstone && next.replacesDamaged
      }
      if let last, last.epoch == next.epoch {
        // Consent may be stated twice in the same words. If a store rounded the evidence in between, only the revision number tells.
        let isRounded = record.isAfflicted(by: .savedAsValue) && next.revision == last.revision
        // Two erasures of an unreadable document may cross: without an ETag neither can know of the other's tombstone.
        let isCrossed = [last, next].allSatisfy { $0.isTombstone && $0.replacesDamaged }
        let isOnLine = next.revision == last.revision + 1 || Self.isAmended(last, next) || revision.bytes == bytes
        guard isOnLine || isRounded || isCrossed else {
          return "revision \(next.revision) was saved after \(last.revision)"
        }
      } else {
        if next.revision > 1 { return "a document began with revision \(next.revision)" }
        if let last, next.epoch <= last.epoch, !isBlind(next, wasBlind: wasBlind) { return "epoch \(next.epoch) came after \(last.epoch)" }
      }
      last = next
    }
    return nil
  }

  /// Whether the erasure behind a tombstone could not know the life before it.
  ///
  /// That life was damaged, and a clock far ahead may have begun it, or another erasure that did not know it either crossed this one.
  private func isBlind(_ tombstone: StoredDocument, wasBlind: Bool) -> Bool {
    tombstone.isTombstone && tombstone.replacesDamaged && (aftermath.plan.hasClockFarAhead || wasBlind)
  }

  /// Whether only consent or an erasure's remaining work has changed.
  private static func isAmended(_ before: StoredDocument, _ after: StoredDocument) -> Bool {
    before.revision == after.revision && before.evidence == after.evidence
      && (before.consent != after.consent || before.consentBy == nil && after.consentBy != nil || before.isErasing != after.isErasing)
  }

  /// A last result that does not match the stored document.
  var outdated: String? {
    guard let document = saved.last?.document, !isSilenced, document.revision > 0 || document.erasedAt != nil else { return nil }
    let said = results + erasures
    guard let last = said.max(by: { ($0.epoch, $0.revision) < ($1.epoch, $1.revision) }) else { return "nothing was ever published" }
    guard (last.epoch, last.revision) == (document.epoch, document.revision) else {
      return "revision \(document.revision) is stored, but \(last.revision) was published last"
    }
    return document.revision == 0 ? nil : Self.difference(last, document)
  }

  /// Whether some revisions may never have been published, which no replica can repair.
  var isSilenced: Bool {
    // While consent is withdrawn, events are dropped, so none triggers the missing results.
    record.isAfflicted(by: .unreadableDocument, .keyFailsForGood, .savedAsValue) || isDisputed
      || saved.contains { $0.document.consent?.isGranted == false }
  }

  /// Whether one replica may have accepted by its clock an event that another had to refuse, so that its result may stay unpublished.
  private var isDisputed: Bool {
    record.messages.contains { aftermath.chronicle.admissions.contains($0.serial) && aftermath.chronicle.refusals.contains($0.serial) }
  }

  /// A result of an unsaved revision, or one whose content differs.
  var unsaved: String? {
    if isRounded { return nil }
    for result in results {
      let revision = saved.first { $0.document.epoch == result.epoch && $0.document.revision == result.revision }
      guard let revision, revision.at <= result.at else { return "revision \(result.revision) was published before it was saved" }
      if let difference = Self.difference(result, revision.document) { return difference }
    }
    for erasure in erasures {
      let isSaved = saved.contains { $0.document.isTombstone && $0.document.epoch == erasure.epoch && $0.at <= erasure.at }
      if !isSaved { return "an erasure was announced before it was saved" }
    }
    return nil
  }

  private static func difference(_ result: SaidEvent, _ document: StoredDocument) -> String? {
    let mastery = document.student.mastery()
    guard result.score == NaiveScore.shown(mastery), result.level == NaiveScore.level(mastery) else {
      return "revision \(result.revision) was published as \(result.score ?? -1) \(result.level ?? "?"), but is \(mastery)"
    }
    return nil
  }

  /// An id with two contents.
  static func ambiguous(_ aftermath: Aftermath) -> String? {
    let rounded = Set(aftermath.records.filter { $0.isAfflicted(by: .savedAsValue) }.map(\.documentKey))
    var contents: [String: [UInt8]] = [:]
    for event in aftermath.said where event.isTold && !rounded.contains(event.documentKey) {
      guard let known = contents.updateValue(event.body, forKey: event.id), known != event.body else { continue }
      return "\(event.id) has the contents \(String(decoding: known, as: UTF8.self)) and \(String(decoding: event.body, as: UTF8.self))"
    }
    return nil
  }

  /// A saved revision that no result publishes or covers.
  var unsaid: String? {
    guard !isSilenced else { return nil }
    let said = Dictionary(grouping: results, by: \.epoch)
    for revision in saved where revision.document.revision > 0 && !erasedEpochs.contains(revision.document.epoch) {
      let number = revision.document.revision
      let isSaid = (said[revision.document.epoch] ?? []).contains { result in
        result.revision == number || result.revision > number && result.revisionsSince.map { $0 < number } ?? false
      }
      if !isSaid { return "revision \(number) was saved, but no result covers it" }
    }
    return nil
  }

  /// Whether a store has rounded the document's numbers, so that what is published again differs.
  var isRounded: Bool { record.isAfflicted(by: .savedAsValue) }

  // MARK: Announcements

  /// An announcement about a revision, due or published.
  private struct Announced: Hashable {
    let epoch: Int64
    let revision: Int64
    let what: String
  }

  /// An announcement that is missing or should not exist.
  var misannounced: String? {
    if isRounded { return nil }
    let due = due
    let said = Set(
      record.said.filter { Self.announcing.contains($0.topic) }.map { event in
        let what =
          event.topic == "mastery.events" ? "\(event.previousLevel ?? "?") to \(event.level ?? "?")" : event.path.joined(separator: " ")
        return Announced(epoch: event.epoch, revision: event.revision, what: what)
      })
    if let wrong = said.subtracting(due).min(by: Self.isBefore) { return "\(wrong.what) was announced for revision \(wrong.revision)" }
    // What an erasure removed before it was published is never published.
    let missing = due.subtracting(said).filter { !erasedEpochs.contains($0.epoch) }
    guard !isSilenced, let missing = missing.min(by: Self.isBefore) else { return nil }
    return "\(missing.what) was not announced for revision \(missing.revision)"
  }

  private static let announcing = ["mastery.events", "learning.path.recommended"]

  /// The epochs that an erasure ended.
  private var erasedEpochs: Set<Int64> {
    Set(
      zip(saved, saved.dropFirst()).filter { $1.document.isTombstone && $0.document.epoch != $1.document.epoch }.map { $0.0.document.epoch }
    )
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
