/// Whether a student's data may be processed, who decided it and when.
public struct Consent: Hashable, Sendable {
  /// Whether consent is granted; no event is accepted while it is withdrawn.
  public let granted: Bool
  /// When it was recorded.
  public let recordedAt: Timestamp
  /// Who recorded it; nil if an erasure removed the name.
  public let recordedBy: String?

  /// Creates a record of a decision.
  public init(granted: Bool, recordedAt: Timestamp, recordedBy: String?) {
    self.granted = granted
    self.recordedAt = recordedAt
    self.recordedBy = recordedBy
  }
}
