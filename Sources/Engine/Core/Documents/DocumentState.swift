/// The parts of a document's state whose changes are announced.
struct DocumentState {
  let mastery: Mastery
  let weak: [Component]

  var levelScore: LevelScore { LevelScore(level: mastery.level, score: mastery.shown) }
}

extension StudentDocument {
  /// The state at the document's own cutoff; a document without evidence is at level beginner with all four components weak.
  var state: DocumentState {
    let mastery = evidence.mastery()
    return DocumentState(mastery: mastery, weak: mastery.components.weak)
  }

  /// The announcements for this revision, compared with the state before it.
  func announcements(since before: DocumentState, at now: Timestamp) -> [Announcement] {
    let after = state
    var kinds: [Announcement.Kind] = []
    if after.levelScore.level != before.levelScore.level {
      kinds.append(.thresholdReached(previous: before.levelScore, new: after.levelScore))
    }
    if after.weak != before.weak {
      let components = after.mastery.components
      kinds.append(
        .pathRecommended(
          path: LearningPath.areas(for: components, goal: .improveMastery),
          recommendations: Recommendations.for(components)))
    }
    return kinds.map {
      Announcement(kind: $0, epoch: ledger.epoch, revision: ledger.revision, at: now, cohort: evidence.cohort?.cohort)
    }
  }
}
