/// How a student stands, as the last result that is known says.
public struct Standing: Hashable, Sendable {
  /// The life and revision of the document that speaks.
  public let version: DocumentVersion
  /// When that revision was made.
  public let at: Timestamp
  /// What it says.
  public let mastery: ShownMastery
  /// In which cohorts the student is or was, where that is known beside the cohorts themselves.
  public var cohorts: [CohortID]

  /// Holds what a result says.
  public init(version: DocumentVersion, at: Timestamp, mastery: ShownMastery, cohorts: [CohortID] = []) {
    self.version = version
    self.at = at
    self.mastery = mastery
    self.cohorts = cohorts
  }

  /// What the document of a student says.
  public init(of document: StudentDocument) {
    self.init(
      version: DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision),
      at: document.ledger.said?.savedAt ?? Timestamp(milliseconds: 0), mastery: ShownMastery(document.evidence.mastery()))
  }
}

/// Which life and revision of a student's document says something; the later one counts.
public struct DocumentVersion: Hashable, Comparable, Sendable {
  /// The life.
  public let epoch: Int64
  /// The revision within it.
  public let revision: Int64

  /// Names a revision.
  public init(epoch: Int64, revision: Int64) {
    self.epoch = epoch
    self.revision = revision
  }

  /// Whether `left` was before `right`.
  public static func < (left: Self, right: Self) -> Bool { (left.epoch, left.revision) < (right.epoch, right.revision) }
}
