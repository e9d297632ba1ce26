extension StudentDocument {
  /// Applies `observations` to the document and reports what changed.
  ///
  /// Left out are observations that the ledger forgets, cohorts that it has no room for, and observations of a topic that the evidence has
  /// no room for. If none of the rest changes the evidence at the present cutoff, the document stays unchanged, including its cutoff.
  /// Otherwise the cutoff rises to `cutoff`, and the call makes one revision, however many observations there are.
  ///
  /// A revision is caused by the events that are in its evidence, at the cutoff it started from, and were not there before. An event
  /// superseded within the same call is no cause, and neither order nor repetition within the call matters.
  ///
  /// - Parameters:
  ///   - observations: Observations of this student, in any order.
  ///   - now: The time of the revision.
  ///   - today: The student's day at that time; that of UTC if it is not given.
  ///   - cutoff: The first day that retention keeps.
  ///   - isPublished: Whether the present revision is known to be published.
  /// - Returns: The document, whether it is a new revision, and its announcements.
  public consuming func applying(
    _ observations: [Observation], now: Timestamp, today: Day? = nil, cutoff: Day, isPublished: Bool = false
  ) -> Change {
    var document = consume self
    let today = today ?? Day(now)
    let before = document.state
    var forgotten: [EventID] = []
    var refused: Set<CourseTopic> = []
    var cohortsLeftOut = 0
    var merged = Array(repeating: MergedParts(), count: observations.count)
    var observations = observations
    for index in observations.indices {
      if let cohort = observations[index].cohort,
        !document.ledger.hasRoom(for: cohort, beside: document.evidence.currentCohorts)
      {
        observations[index] = observations[index].withoutCohort
        cohortsLeftOut += 1
      }
      if document.ledger.forgets(observations[index].timestamp) {
        forgotten.append(observations[index].event)
      } else if !observations[index].contents.isEmpty, !document.evidence.hasRoom(for: observations[index].topic) {
        refused.insert(observations[index].topic)
      } else {
        merged[index] = document.evidence.mergeParts(of: observations[index])
      }
    }
    guard merged.contains(where: { !$0.isEmpty }) else {
      return Change(
        document: document, isChanged: false, announcements: [], judged: nil, forgotten: forgotten, cohortsLeftOut: cohortsLeftOut,
        refused: refused)
    }

    let (causes, topics) = document.evidence.causes(among: observations, merged)
    let judged = document.ledger.forecast?.outcome(by: document.evidence, on: today)
    document.evidence.raise(cutoff: cutoff)
    document.expect(on: today, from: cutoff)
    document.ledger.lastRevision = LastRevision(
      savedAt: now, previousScore: document.ledger.revision == 0 ? nil : before.mastery.shown, causedBy: causes,
      causedByCount: causes.count, topics: topics,
      revisionsSince: isPublished ? document.ledger.revision : document.ledger.lastRevision?.revisionsSince ?? 0)
    document.ledger.revision += 1
    for cohort in document.evidence.currentCohorts { document.ledger.remember(cohort) }
    let announcements = document.announcements(since: before, at: now)
    return Change(
      document: document, isChanged: true, announcements: announcements, judged: judged, forgotten: forgotten,
      cohortsLeftOut: cohortsLeftOut, refused: refused)
  }
}

extension StudentDocument {
  /// Stores a forecast for the coming week, unless one is already waiting for its day.
  fileprivate mutating func expect(on today: Day, from first: Day) {
    if let forecast = ledger.forecast, forecast.waits(on: today) { return }
    ledger.forecast = WeeklyForecast(of: evidence, asOf: today, from: first)
  }
}

extension EvidenceRecord {
  /// The events among `observations` that are in the record with at least one part merged by this call, without duplicates, ordered by time
  /// and id; and the courses and topics that they name, sorted.
  fileprivate func causes(among observations: [Observation], _ parts: [MergedParts]) -> (events: [EventID], topics: [CourseTopic]) {
    var standing = observations.indices.filter { !parts[$0].isEmpty && holds(parts[$0], of: observations[$0]) }
    standing.sort { (observations[$0].timestamp, observations[$0].event) < (observations[$1].timestamp, observations[$1].event) }
    var causes: [EventID] = []
    for index in standing where !causes.contains(observations[index].event) { causes.append(observations[index].event) }
    var topics: Set<CourseTopic> = []
    for index in standing where observations[index].topic != .none { topics.insert(observations[index].topic) }
    return (causes, topics.sorted())
  }
}
