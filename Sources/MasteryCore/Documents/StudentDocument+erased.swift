extension StudentDocument {
  /// The document once the student is erased: a new life in which nothing is known but that everything up to now is to be forgotten.
  ///
  /// Consent that was withdrawn stays so; who withdrew it is forgotten.
  ///
  /// - Parameters:
  ///   - now: The time of the erasure.
  ///   - cut: The first day that retention lets stand.
  ///   - places: Where else the student's data may be.
  /// - Returns: The tombstone.
  public func erased(at now: Timestamp, cut: Day, places: [String]) -> Self {
    var tombstone = Self(student: student, school: school, cut: cut, epoch: max(ledger.epoch + 1, now.seconds))
    tombstone.ledger.erasedAt = max(now.adding(milliseconds: Ledger.erasureMargin), ledger.erasedAt ?? now)
    let cohorts = Set(ledger.cohorts + (ledger.erasing?.cohorts ?? [])).sorted()
    tombstone.ledger.erasing = PendingErasure(places: places, cohorts: cohorts)
    if let consent = ledger.consent, !consent.granted {
      tombstone.ledger.consent = Consent(granted: false, recordedAt: consent.recordedAt, recordedBy: nil)
    }
    return tombstone
  }
}
