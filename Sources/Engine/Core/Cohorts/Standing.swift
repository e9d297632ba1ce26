/// A student's standing according to the latest known result.
public struct Standing: Hashable, Sendable {
  /// The life and revision of the document that the standing comes from.
  public let version: DocumentVersion
  /// When that revision was made.
  public let at: Timestamp
  /// The mastery in that revision.
  public let mastery: ShownMastery
  /// Cohorts that the student is or was in, if known from outside the cohorts themselves.
  public var cohorts: [CohortID]

  /// Creates a standing from a result.
  public init(version: DocumentVersion, at: Timestamp, mastery: ShownMastery, cohorts: [CohortID] = []) {
    self.version = version
    self.at = at
    self.mastery = mastery
    self.cohorts = cohorts
  }

  /// Creates a standing from a student's document, by all of its evidence or by that of some courses.
  public init(of document: StudentDocument, _ scope: EvidenceScope = .student) {
    self.init(
      version: DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision),
      at: document.ledger.lastRevision?.savedAt ?? Timestamp(milliseconds: 0), mastery: ShownMastery(document.evidence.mastery(of: scope)))
  }
}
