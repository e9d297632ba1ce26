internal import NaiveMastery

/// The laws about a document's evidence, checked against the naive calculation.
struct EvidenceLaws {
  private static let day: Int64 = 86_400_000
  /// How far an event may be ahead of the clock, in milliseconds.
  private static let ahead: Int64 = 5 * 60_000
  private static let retention = 90

  private let aftermath: Aftermath
  let record: Aftermath.Record

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

  /// The acknowledged events whose effect must be in the document: those of its current life.
  var inForce: [Chronicle.Acknowledged] {
    (aftermath.acknowledged[record.documentKey] ?? []).filter { acknowledged in
      acknowledged.began > record.lastEnd && !(acknowledged.message.id.map(aftermath.poisoned.contains) ?? false)
        && !record.mayForget(acknowledged.message.milliseconds ?? 0, from: acknowledged.began, to: acknowledged.ended)
    }.filter { !$0.message.content.parts.isEmpty && !isErased($0.message) }
  }

  private var required: [Message] { inForce.map(\.message) }

  /// How far a figure may differ from the event's: Redis rounds what an earlier release saved.
  private var tolerance: Double { record.isAfflicted(by: .savedAsValue) ? 1e-6 : 1e-12 }

  private var standing: StoredDocument? { record.standing.flatMap { StoredDocument($0) } }

  /// An acknowledged event whose effect is missing.
  var lost: String? {
    let required = required
    guard !required.isEmpty, !record.isAfflicted(by: .unreadableDocument) else { return nil }
    guard let document = standing else { return "event \(required[0].serial) was acknowledged, but there is no document" }
    let student = NaiveStudent(events: required.compactMap(\.naive), cutoff: document.cutoff)
    for place in student.places {
      for (component, _) in NaiveScore.weights {
        if let lost = lost(component, at: place, of: student, in: document) { return lost }
      }
    }
    return lostMembership(student, document)
  }

  /// Evidence of one component at one place that is missing, or superseded by what is stored.
  private func lost(_ component: String, at place: NaivePlace, of student: NaiveStudent, in document: StoredDocument) -> String? {
    let stored = document.items.filter { $0.component == component && $0.place == place }
    var due: [(NaiveStudent.InForce, StoredDocument.Item?)] = []
    for day in Set(student.events.map(\.day)).sorted() where day >= document.cutoff {
      if let latest = student.latest(component, in: day...day, at: place) { due.append((latest, stored.first { $0.day == day })) }
    }
    // Of the days before the cutoff two are kept: the document's latest two are no earlier than those of some of its events.
    let earlier = stored.filter { $0.day == nil }.compactMap { item in NaiveStudent.InForce(item.naive, component).map { (item, $0) } }
      .sorted { NaiveStudent.isEarlier($1.1, $0.1) }.map(\.0)
    var rest = student
    for rank in 0..<2 {
      guard let latest = rest.baseline(component, at: place) else { break }
      due.append((latest, earlier.dropFirst(rank).first))
      rest.events.removeAll { $0.day == latest.event.day }
    }
    for (latest, item) in due {
      guard let item else { return "\(component) of event \(latest.event.id) is missing" }
      if item.isEarlier(than: latest), !item.comes(from: latest.event, tolerance: tolerance) {
        return "\(component) comes from event \(item.event), not \(latest.event.id)"
      }
    }
    return nil
  }

  private func lostMembership(_ student: NaiveStudent, _ document: StoredDocument) -> String? {
    for (course, events) in Dictionary(grouping: student.events.filter { $0.cohort != nil && !$0.isRetracted }, by: \.place.course) {
      let latest = events.max {
        ($0.milliseconds, $0.correction, $0.id, $0.cohort ?? "") < ($1.milliseconds, $1.correction, $1.id, $1.cohort ?? "")
      }
      guard let latest else { continue }
      guard let found = document.memberships.first(where: { $0.course == course }) else {
        return "the cohort that event \(latest.id) names is missing"
      }
      let isEarlier =
        (found.milliseconds, found.correction, found.event, found.cohort)
        < (latest.milliseconds, latest.correction, latest.id, latest.cohort ?? "")
      if isEarlier { return "the cohort comes from event \(found.event), not \(latest.id)" }
    }
    return nil
  }

  /// Content of a document that comes from no event.
  var invented: String? {
    let events = admitted.compactMap(\.naive)
    for revision in record.revisions {
      let document = revision.document
      for item in document.items {
        let isSaid = events.contains { item.comes(from: $0, tolerance: tolerance) }
        let day = dayNumber(item.milliseconds)
        let fitsDay = item.day.map { $0 == day && $0 >= document.cutoff } ?? (day < document.cutoff)
        let fitsZone = item.minutesAhead == zone.minutes(at: item.milliseconds)
        guard isSaid, fitsDay, fitsZone else {
          return "revision \(document.revision) has \(item.component) of \(item.event), which no event contains, or on another day"
        }
      }
      for found in document.memberships {
        let isSaid = events.contains {
          $0.id == found.event && $0.milliseconds == found.milliseconds && $0.correction == found.correction && $0.cohort == found.cohort
            && $0.place.course == found.course
        }
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
}
