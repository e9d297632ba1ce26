extension StudentDocument {
  /// The document once it has taken in `observations`, and what there is to tell about that.
  ///
  /// What the ledger forgets is left out. Where nothing that remains changes the evidence at the present cut, the document stays as it is,
  /// its cut too. Otherwise the cut rises to `cut`, and one revision is made however many observations there are.
  ///
  /// A revision is caused by the events that stand in its evidence, at the cut it came from, and did not stand there before: whatever was
  /// superseded within the same call is no cause, and neither order nor repetition within the call matters.
  ///
  /// - Parameters:
  ///   - observations: What was observed of this student, in any order.
  ///   - now: The time that the revision is made at.
  ///   - cut: The first day that retention lets stand.
  /// - Returns: The document, whether it is a new revision, and what to announce of it.
  public consuming func applying(_ observations: [Observation], now: Timestamp, cut: Day) -> Change {
    var document = consume self
    let before = document.state
    var forgotten: [EventID] = []
    var merged: [(observation: Observation, parts: MergedParts)] = []
    for observation in observations {
      if document.ledger.forgets(observation.timestamp) {
        forgotten.append(observation.event)
        continue
      }
      let parts = document.evidence.mergeParts(of: observation)
      if !parts.isEmpty { merged.append((observation, parts)) }
    }
    guard !merged.isEmpty else { return Change(document: document, isChanged: false, announcements: [], forgotten: forgotten) }

    let causes = Self.causes(of: merged, in: document.evidence)
    document.evidence.raise(cut: cut)
    document.ledger.said = LastRevision(
      savedAt: now, previousScore: document.ledger.revision == 0 ? nil : before.mastery.shown, causedBy: causes, causedByCount: causes.count
    )
    document.ledger.revision += 1
    if let cohort = document.evidence.cohort?.cohort { document.ledger.remember(cohort) }
    let announcements = document.announcements(since: before, at: now)
    return Change(document: document, isChanged: true, announcements: announcements, forgotten: forgotten)
  }

  private static func causes(of merged: [(observation: Observation, parts: MergedParts)], in evidence: EvidenceRecord) -> [EventID] {
    let standing = merged.filter { evidence.holds($0.parts, of: $0.observation) }.map(\.observation)
    var seen: Set<EventID> = []
    return standing.sorted { ($0.timestamp, $0.event) < ($1.timestamp, $1.event) }.map(\.event).filter { seen.insert($0).inserted }
  }
}
