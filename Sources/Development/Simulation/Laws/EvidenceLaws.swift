internal import NaiveMastery

/// The laws about a document's evidence, checked against the naive calculation.
struct EvidenceLaws {
  private static let day: Int64 = 86_400_000
  /// How far an event may be ahead of the clock, in milliseconds.
  private static let ahead: Int64 = 5 * 60_000
  private static let retention = 90

  private let aftermath: Aftermath
  private let record: Aftermath.Record

  init(_ aftermath: Aftermath, _ record: Aftermath.Record) {
    self.aftermath = aftermath
    self.record = record
  }

  /// The events that some replica may have accepted.
  private var admitted: [Message] {
    record.messages.filter { aftermath.chronicle.admissions.contains($0.serial) && !$0.content.parts.isEmpty }
  }

  /// Whether an event belongs to an erased life.
  private func isErased(_ message: Message) -> Bool { message.milliseconds.map { $0 <= record.last?.erasedAt ?? .min } ?? false }

  /// The events whose effect must be in the document: those acknowledged in its current life.
  private var required: [Message] {
    (aftermath.acknowledged[record.documentKey] ?? []).filter { acknowledged in
      acknowledged.began > record.lastEnd && !(acknowledged.message.id.map(aftermath.poisoned.contains) ?? false)
        && !record.mayForget(acknowledged.message.milliseconds ?? 0, from: acknowledged.began, to: acknowledged.ended)
    }.map(\.message).filter { !$0.content.parts.isEmpty && !isErased($0) }
  }

  /// How far a score may differ from the event's: Redis rounds what an earlier release saved.
  private var tolerance: Double { record.isAfflicted(by: .savedAsValue) ? 1e-6 : 1e-12 }

  private var standing: StoredDocument? { record.standing.flatMap(StoredDocument.init) }

  /// An acknowledged event whose effect is missing.
  var lost: String? {
    let required = required
    guard !required.isEmpty, !record.isAfflicted(by: .unreadableDocument) else { return nil }
    guard let document = standing else { return "event \(required[0].serial) was acknowledged, but there is no document" }
    let student = NaiveStudent(events: required.compactMap(\.naive), cutoff: document.cutoff)
    for (component, _) in NaiveScore.weights {
      for day in Set(student.events.map(\.day)).sorted() + [nil] {
        let latest = day.map { student.latest(component, in: $0...$0) } ?? student.baseline(component)
        guard let latest, day.map({ $0 >= document.cutoff }) ?? true else { continue }
        let item = document.items.first { $0.component == component && $0.day == day }
        guard let item else { return "\(component) of event \(latest.event.id) is missing" }
        if isEarlier(item, latest) { return "\(component) comes from event \(item.event), not \(latest.event.id)" }
      }
    }
    return lostMembership(student, document)
  }

  private func lostMembership(_ student: NaiveStudent, _ document: StoredDocument) -> String? {
    let naming = student.events.filter { $0.cohort != nil }
    guard let latest = naming.max(by: { ($0.milliseconds, $0.id, $0.cohort ?? "") < ($1.milliseconds, $1.id, $1.cohort ?? "") }) else {
      return nil
    }
    guard let found = document.membership else { return "the cohort that event \(latest.id) names is missing" }
    let isEarlier = (found.milliseconds, found.event, found.cohort) < (latest.milliseconds, latest.id, latest.cohort ?? "")
    return isEarlier ? "the cohort comes from event \(found.event), not \(latest.id)" : nil
  }

  /// Content of a document that comes from no event.
  var invented: String? {
    let events = admitted.compactMap(\.naive)
    for revision in record.revisions {
      let document = revision.document
      for item in document.items {
        let isSaid = events.contains { event in
          event.id == item.event && event.milliseconds == item.milliseconds && event.source == item.source
            && event.parts[item.component].map { abs(NaiveScore.score(of: item.component, fields: $0) - item.score) < tolerance } ?? false
        }
        let day = dayNumber(item.milliseconds)
        let fitsDay = item.day.map { $0 == day && $0 >= document.cutoff } ?? (day < document.cutoff)
        let fitsZone = item.minutesAhead == zone.minutes(at: item.milliseconds)
        guard isSaid, fitsDay, fitsZone else {
          return "revision \(document.revision) has \(item.component) of \(item.event), which no event contains, or on another day"
        }
      }
      if let found = document.membership {
        let isSaid = events.contains { $0.id == found.event && $0.milliseconds == found.milliseconds && $0.cohort == found.cohort }
        if !isSaid { return "revision \(document.revision) names a cohort that no event named" }
      }
    }
    return nil
  }

  /// Evidence that differs from that of the same events in the reference world.
  var unequal: String? {
    let required = required
    guard let document = standing, !record.isAfflicted(by: .unreadableDocument, .savedAsValue) else { return nil }
    guard Set(required.map(\.serial)) == Set(admitted.filter { !isErased($0) }.map(\.serial)), !required.isEmpty else { return nil }
    guard let expected = aftermath.reference.evidence(of: required, cutoff: document.cutoff), expected != document.evidence else {
      return nil
    }
    return "\(String(decoding: document.evidence, as: UTF8.self)) should be \(String(decoding: expected, as: UTF8.self))"
  }

  /// A cutoff that a correct clock would not have set.
  ///
  /// It may be a day beyond the delivery's time or, if that is unknown, beyond the event's own time, which may be five minutes ahead.
  var destroyed: String? {
    for revision in record.revisions where !revision.isForeign {
      let latest = dayNumber(revision.at + Self.day + Self.ahead) - Self.retention
      if revision.document.cutoff > latest {
        return "the cutoff of revision \(revision.document.revision) is \(revision.document.cutoff - latest) days too late"
      }
    }
    return nil
  }

  /// The wall clocks of the student's school.
  private var zone: NaiveZone { aftermath.plan.zone(of: KeyOwner(record.documentKey)?.school) }

  /// The student's day.
  private func dayNumber(_ milliseconds: Int64) -> Int {
    let local = milliseconds + Int64(zone.minutes(at: milliseconds)) * 60_000
    return Int((Double(local) / Double(Self.day)).rounded(.down))
  }

  private func isEarlier(_ item: StoredDocument.Item, _ latest: NaiveStudent.InForce) -> Bool {
    let event = latest.event
    if item.milliseconds != event.milliseconds { return item.milliseconds < event.milliseconds }
    if item.event != event.id { return item.event < event.id }
    if abs(item.score - latest.score) > tolerance { return item.score < latest.score }
    return (item.source.map { "1" + $0 } ?? "0") < (event.source.map { "1" + $0 } ?? "0")
  }
}
