extension StudentDocument {
  /// The document once it has taken in `observations`, and what there is to tell about that.
  ///
  /// What the ledger forgets is left out, and a cohort that the ledger has no room for. Where nothing that remains changes the evidence at the present cut, the document stays as it is,
  /// its cut too. Otherwise the cut rises to `cut`, and one revision is made however many observations there are.
  ///
  /// A revision is caused by the events that stand in its evidence, at the cut it came from, and did not stand there before: whatever was
  /// superseded within the same call is no cause, and neither order nor repetition within the call matters.
  ///
  /// - Parameters:
  ///   - observations: What was observed of this student, in any order.
  ///   - now: The time that the revision is made at.
  ///   - cut: The first day that retention lets stand.
  ///   - isPublished: Whether the revision that stands is known to be published.
  /// - Returns: The document, whether it is a new revision, and what to announce of it.
  public consuming func applying(_ observations: [Observation], now: Timestamp, cut: Day, isPublished: Bool = false) -> Change {
    var document = consume self
    let before = document.state
    var forgotten: [EventID] = []
    var unplaced = 0
    var merged = Array(repeating: MergedParts(), count: observations.count)
    var observations = observations
    for place in observations.indices {
      if let cohort = observations[place].cohort, !document.ledger.hasRoom(for: cohort) {
        observations[place] = observations[place].withoutCohort
        unplaced += 1
      }
      if document.ledger.forgets(observations[place].timestamp) {
        forgotten.append(observations[place].event)
      } else {
        merged[place] = document.evidence.mergeParts(of: observations[place])
      }
    }
    guard merged.contains(where: { !$0.isEmpty }) else {
      return Change(document: document, isChanged: false, announcements: [], judged: nil, forgotten: forgotten, unplaced: unplaced)
    }

    let causes = document.evidence.causes(among: observations, merged)
    let judged = document.ledger.forecast?.outcome(by: document.evidence, on: Day(now))
    document.evidence.raise(cut: cut)
    document.expect(on: Day(now), from: cut)
    document.ledger.said = LastRevision(
      savedAt: now, previousScore: document.ledger.revision == 0 ? nil : before.mastery.shown, causedBy: causes,
      causedByCount: causes.count, revisionsSince: isPublished ? document.ledger.revision : document.ledger.said?.revisionsSince ?? 0)
    document.ledger.revision += 1
    if let cohort = document.evidence.cohort?.cohort { document.ledger.remember(cohort) }
    let announcements = document.announcements(since: before, at: now)
    return Change(
      document: document, isChanged: true, announcements: announcements, judged: judged, forgotten: forgotten, unplaced: unplaced)
  }
}

extension StudentDocument {
  /// Keeps a forecast for the coming week, unless one waits for its day already.
  fileprivate mutating func expect(on today: Day, from first: Day) {
    if let forecast = ledger.forecast, forecast.waits(on: today) { return }
    ledger.forecast = WeeklyForecast(of: evidence, asOf: today, from: first)
  }
}

extension EvidenceRecord {
  /// The events among `observations` that stand in the record with one of their parts that went in, each once, in order of time and id.
  fileprivate func causes(among observations: [Observation], _ parts: [MergedParts]) -> [EventID] {
    var standing = observations.indices.filter { !parts[$0].isEmpty && holds(parts[$0], of: observations[$0]) }
    standing.sort { (observations[$0].timestamp, observations[$0].event) < (observations[$1].timestamp, observations[$1].event) }
    var causes: [EventID] = []
    for place in standing where !causes.contains(observations[place].event) { causes.append(observations[place].event) }
    return causes
  }
}
