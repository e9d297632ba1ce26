/// Something that a revision changed and that others want to hear of.
public struct Announcement: Hashable, Sendable {
  /// What changed.
  public enum Kind: Hashable, Sendable {
    /// The level is another one; a jump over several levels is one announcement.
    case thresholdReached(previous: LevelScore, new: LevelScore)
    /// The set of weak components is another one; an empty set leads on to harder things.
    case pathRecommended(path: [Area], recommendations: [Recommendation])
  }

  /// Which way a level changed.
  public enum Direction: String, Hashable, Sendable {
    /// To a higher level.
    case up
    /// To a lower level.
    case down
  }

  /// What changed.
  public let kind: Kind
  /// The life of the document.
  public let epoch: Int64
  /// The revision that changed it.
  public let revision: Int64
  /// When the revision was made.
  public let at: Timestamp
  /// The student's cohort after the change, where one is known.
  public let cohort: CohortID?

  /// Announces a change.
  public init(kind: Kind, epoch: Int64, revision: Int64, at: Timestamp, cohort: CohortID?) {
    self.kind = kind
    self.epoch = epoch
    self.revision = revision
    self.at = at
    self.cohort = cohort
  }

  /// Which way the level changed, nil for a path.
  public var direction: Direction? {
    guard case .thresholdReached(let previous, let new) = kind else { return nil }
    return new.level > previous.level ? .up : .down
  }
}
