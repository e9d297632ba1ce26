/// The laws about students' consent to the use of their data.
struct ConsentLaws {
  /// Milliseconds by which a write may take effect after its caller has gone on.
  private static let lateness: Int64 = 5_000

  private let aftermath: Aftermath
  private let record: Aftermath.Record

  init(_ aftermath: Aftermath, _ record: Aftermath.Record) {
    self.aftermath = aftermath
    self.record = record
  }

  /// The statements about this student's consent.
  private var asked: [Chronicle.Asked] {
    aftermath.chronicle.asked.filter { $0.documentKey == record.documentKey && $0.granted != nil }
  }

  /// An act against the student's statement.
  var breach: String? { stored ?? changed ?? unheeded }

  /// An event that was stored while consent was withdrawn.
  private var stored: String? {
    for (before, after) in zip(record.spans, record.spans.dropFirst()) {
      guard let old = before.document, let new = after.document, old.consent?.isGranted == false, new.consent?.isGranted == false,
        before.until >= after.from, !new.isTombstone
      else { continue }
      // A store that rounds a value in it changes the evidence, but not the revision.
      let isSame = record.isAfflicted(by: .savedAsValue) || new.evidence == old.evidence
      if new.revision != old.revision || !isSame { return "revision \(new.revision) came while consent was withdrawn" }
    }
    return nil
  }

  /// Consent that changed although nobody said so.
  private var changed: String? {
    var known: StoredDocument.Consent?
    for (place, span) in record.spans.enumerated() {
      guard let document = span.document else { continue }
      if place > 0, record.spans[place - 1].until < span.from { known = nil }
      defer { known = document.consent }
      guard document.consent != known else { continue }
      guard let consent = document.consent else {
        // An erasure removes that consent was given.
        let isUnknown = record.isAfflicted(by: .unreadableDocument) && document.isTombstone
        if !isUnknown, known?.isGranted == false || !document.isTombstone { return "consent was lost with revision \(document.revision)" }
        continue
      }
      let isSaid = asked.contains { asked in
        asked.granted == consent.isGranted && asked.began <= span.from && span.from <= (asked.ended ?? .max - Self.lateness) + Self.lateness
      }
      if !isSaid { return "consent was changed with revision \(document.revision), and nobody said so" }
    }
    return nil
  }

  /// The last statement, if it is not in the store.
  private var unheeded: String? {
    let asked = asked.sorted { $0.began < $1.began }
    // Of two that overlap, or began at the same time, either may be the last.
    guard let last = asked.last, let ended = last.ended, !record.isAfflicted(by: .unreadableDocument),
      !asked.dropLast().contains(where: { $0.ended ?? .max >= last.began })
    else { return nil }
    if last.granted == false {
      return record.last?.consent?.isGranted == false ? nil : "consent was withdrawn, and that is not known any more"
    }
    let isHeeded = record.spans(from: last.began, to: ended).contains { $0.document?.consent?.isGranted == true }
    return isHeeded && record.last?.consent?.isGranted != false ? nil : "consent was given, and that is not known"
  }
}
