extension StudentDocument {
  /// The document after an erasure: a new life that only records that everything up to then is forgotten.
  ///
  /// Later parts of the document are erased with it and forgotten too.
  ///
  /// Withdrawn consent stays withdrawn, but who withdrew it is forgotten.
  ///
  /// - Parameters:
  ///   - moment: When the erasure was requested.
  ///   - cutoff: The first day that retention keeps.
  ///   - stores: The names of other stores that may hold the student's data.
  /// - Returns: The tombstone.
  public func erased(asAskedAt moment: Timestamp, cutoff: Day, stores: [String]) -> Self {
    var tombstone = Self(student: student, school: school, cutoff: cutoff, epoch: max(ledger.epoch + 1, moment.seconds))
    let known = [evidence.latestTimestamp, ledger.erasedAt].compactMap(\.self)
    tombstone.evidence.scoring = evidence.scoring
    tombstone.ledger.erasedAt = known.reduce(moment.adding(milliseconds: Ledger.erasureMargin)) { max($0, $1) }
    let cohorts = Set(ledger.cohorts + (ledger.erasing?.cohorts ?? [])).sorted()
    tombstone.ledger.erasing = PendingErasure(stores: stores, cohorts: cohorts, askedAt: moment)
    if let consent = ledger.consent, !consent.granted {
      tombstone.ledger.consent = Consent(granted: false, recordedAt: consent.recordedAt, recordedBy: nil)
    }
    return tombstone
  }
}
