/// The parts of the last revision's result that the evidence does not hold, so that the result can be repeated word for word.
public struct LastRevision: Hashable, Sendable {
  /// Maximum number of causes listed.
  public static let namedCauses = 50

  /// When the revision was made.
  public let savedAt: Timestamp
  /// The mastery shown by the previous revision; nil for the first.
  public let previousScore: Double?
  /// The latest 50 events that caused the revision, ordered by time and id.
  public let causedBy: [EventID]
  /// Number of events that caused the revision.
  public let causedByCount: Int
  /// The courses and topics of those events, sorted, at most 50; empty if they named none.
  public let topics: [CourseTopic]
  /// The latest earlier revision known to be published, 0 for none; the ones in between may never have been published.
  public let revisionsSince: Int64

  /// Creates a value; only the last 50 causes and the first 50 topics are kept.
  public init(
    savedAt: Timestamp, previousScore: Double?, causedBy: [EventID], causedByCount: Int, topics: [CourseTopic] = [], revisionsSince: Int64
  ) {
    self.savedAt = savedAt
    self.previousScore = previousScore
    self.causedBy = causedBy.suffix(Self.namedCauses)
    self.causedByCount = causedByCount
    self.topics = Array(topics.prefix(Self.namedCauses))
    self.revisionsSince = revisionsSince
  }
}
