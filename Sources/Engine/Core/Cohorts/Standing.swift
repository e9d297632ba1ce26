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

  /// Creates a standing from a student's document.
  public init(of document: StudentDocument) {
    self.init(
      version: DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision),
      at: document.ledger.lastRevision?.savedAt ?? Timestamp(milliseconds: 0), mastery: ShownMastery(document.evidence.mastery()))
  }
}

/// A life and revision of a student's document; the later one wins.
public struct DocumentVersion: Hashable, Comparable, Sendable {
  /// The life.
  public let epoch: Int64
  /// The revision within it.
  public let revision: Int64

  /// Creates a version.
  public init(epoch: Int64, revision: Int64) {
    self.epoch = epoch
    self.revision = revision
  }

  /// Whether `left` is earlier than `right`.
  public static func < (left: Self, right: Self) -> Bool { (left.epoch, left.revision) < (right.epoch, right.revision) }
}
