/// The laws about students' consent to the use of their data.
struct ConsentLaws {
  /// How long after its caller has moved on a write may take effect, in milliseconds.
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

  /// A violation of the student's statements.
  var breach: String? { stored ?? changed ?? unheeded }

  /// An event that was stored while consent was withdrawn.
  private var stored: String? {
    for (before, after) in zip(record.spans, record.spans.dropFirst()) {
      guard let old = before.document, let new = after.document, old.consent?.isGranted == false, new.consent?.isGranted == false,
        before.until >= after.from, !new.isTombstone
      else { continue }
      // A store that rounds numbers changes the evidence, but not the revision.
      let isSame = record.isAfflicted(by: .savedAsValue) || new.evidence == old.evidence
      if new.revision != old.revision || !isSame { return "revision \(new.revision) was saved while consent was withdrawn" }
    }
    return nil
  }

  /// A change of consent that nobody requested.
  private var changed: String? {
    var known: StoredDocument.Consent?
    for (index, span) in record.spans.enumerated() {
      guard let document = span.document else { continue }
      if index > 0, record.spans[index - 1].until < span.from { known = nil }
      defer { known = document.consent }
      guard document.consent != known else { continue }
      guard let consent = document.consent else {
        // An erasure also removes given consent.
        let isUnknown = record.isAfflicted(by: .unreadableDocument) && document.isTombstone
        if !isUnknown, known?.isGranted == false || !document.isTombstone { return "consent was lost with revision \(document.revision)" }
        continue
      }
      let isSaid = asked.contains { asked in
        asked.granted == consent.isGranted && asked.began <= span.from && span.from <= (asked.ended ?? .max - Self.lateness) + Self.lateness
      }
      if !isSaid { return "consent was changed with revision \(document.revision), but nobody requested it" }
    }
    return nil
  }

  /// The last statement, if the store does not hold it.
  private var unheeded: String? {
    let asked = asked.sorted { $0.began < $1.began }
    // Of two that overlap, or began at the same time, either may be the last.
    guard let last = asked.last, let ended = last.ended, !record.isAfflicted(by: .unreadableDocument),
      !asked.dropLast().contains(where: { $0.ended ?? .max >= last.began })
    else { return nil }
    if last.granted == false {
      return record.last?.consent?.isGranted == false ? nil : "consent was withdrawn, but the store does not say so"
    }
    let isHeeded = record.spans(from: last.began, to: ended).contains { $0.document?.consent?.isGranted == true }
    return isHeeded && record.last?.consent?.isGranted != false ? nil : "consent was given, but the store does not say so"
  }
}
