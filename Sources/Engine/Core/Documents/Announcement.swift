/// A change made by a revision that other services are told about.
public struct Announcement: Hashable, Sendable {
  /// What changed.
  public enum Kind: Hashable, Sendable {
    /// The level changed; a jump over several levels is one announcement.
    case thresholdReached(previous: LevelScore, new: LevelScore)
    /// The set of weak components changed; an empty set leads to advanced work.
    case pathRecommended(path: [Area], recommendations: [Recommendation])
  }

  /// The direction of a level change.
  public enum Direction: String, CaseIterable, Hashable, Sendable {
    /// To a higher level.
    case up
    /// To a lower level.
    case down
  }

  /// What changed.
  public let kind: Kind
  /// The life of the document.
  public let epoch: Int64
  /// The revision that made the change.
  public let revision: Int64
  /// When the revision was made.
  public let at: Timestamp
  /// The student's cohort after the change, if known.
  public let cohort: CohortID?

  /// Creates an announcement.
  public init(kind: Kind, epoch: Int64, revision: Int64, at: Timestamp, cohort: CohortID?) {
    self.kind = kind
    self.epoch = epoch
    self.revision = revision
    self.at = at
    self.cohort = cohort
  }

  /// The direction of the level change; nil for a path.
  public var direction: Direction? {
    guard case .thresholdReached(let previous, let new) = kind else { return nil }
    return new.level > previous.level ? .up : .down
  }
}
