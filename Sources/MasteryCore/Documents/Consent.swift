/// Whether a student's data may be processed, who said so and when.
public struct Consent: Hashable, Sendable {
  /// Whether it is granted; withdrawn consent lets no event in.
  public let granted: Bool
  /// When it was recorded.
  public let recordedAt: Timestamp
  /// Who recorded it; nil where an erasure has taken that away.
  public let recordedBy: String?

  /// Records a decision.
  public init(granted: Bool, recordedAt: Timestamp, recordedBy: String?) {
    self.granted = granted
    self.recordedAt = recordedAt
    self.recordedBy = recordedBy
  }
}
