/// What the result of the last revision said beyond the evidence, so that it can be said again word for word.
public struct LastRevision: Hashable, Sendable {
  /// At most so many causes are named.
  public static let namedCauses = 50

  /// When the revision was made.
  public let savedAt: Timestamp
  /// The mastery shown by the revision before, nil for the first.
  public let previousScore: Double?
  /// The events that the revision is due to, at most 50, the latest of them, in order of time and id.
  public let causedBy: [EventID]
  /// How many events the revision is due to.
  public let causedByCount: Int
  /// The latest revision before it that is known to be published, 0 for none: those in between may never have been said.
  public let revisionsSince: Int64

  /// Holds what a result says; more than 50 causes are cut down to the last 50.
  public init(savedAt: Timestamp, previousScore: Double?, causedBy: [EventID], causedByCount: Int, revisionsSince: Int64) {
    self.savedAt = savedAt
    self.previousScore = previousScore
    self.causedBy = causedBy.suffix(Self.namedCauses)
    self.causedByCount = causedByCount
    self.revisionsSince = revisionsSince
  }
}
