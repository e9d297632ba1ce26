extension StudentDocument {
  /// The document once the student is erased: a new life in which nothing is known but that everything up to then is to be forgotten.
  ///
  /// Whatever of the document is later than that is erased with it, and forgotten too.
  ///
  /// Consent that was withdrawn stays so; who withdrew it is forgotten.
  ///
  /// - Parameters:
  ///   - moment: When the erasure was asked for.
  ///   - cut: The first day that retention lets stand.
  ///   - places: Where else the student's data may be.
  /// - Returns: The tombstone.
  public func erased(asAskedAt moment: Timestamp, cut: Day, places: [String]) -> Self {
    var tombstone = Self(student: student, school: school, cut: cut, epoch: max(ledger.epoch + 1, moment.seconds))
    let known = evidence.latest().map(\.value.timestamp) + [evidence.cohort?.timestamp, ledger.erasedAt].compactMap(\.self)
    tombstone.ledger.erasedAt = known.reduce(moment.adding(milliseconds: Ledger.erasureMargin)) { max($0, $1) }
    let cohorts = Set(ledger.cohorts + (ledger.erasing?.cohorts ?? [])).sorted()
    tombstone.ledger.erasing = PendingErasure(places: places, cohorts: cohorts, askedAt: moment)
    if let consent = ledger.consent, !consent.granted {
      tombstone.ledger.consent = Consent(granted: false, recordedAt: consent.recordedAt, recordedBy: nil)
    }
    return tombstone
  }
}
