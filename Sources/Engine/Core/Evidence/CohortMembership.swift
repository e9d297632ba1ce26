/// The cohort that a student is in, and the event that named it; ordered by time, event id and cohort.
public struct CohortMembership: Hashable, Comparable, Sendable {
  /// The cohort.
  public let cohort: CohortID
  /// When the event happened.
  public let timestamp: Timestamp
  /// The event that named the cohort.
  public let event: EventID

  /// Creates a membership from an event.
  public init(cohort: CohortID, timestamp: Timestamp, event: EventID) {
    self.cohort = cohort
    self.timestamp = timestamp
    self.event = event
  }

  /// Whether `left` is superseded by `right`.
  public static func < (left: Self, right: Self) -> Bool {
    if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
    if left.event != right.event { return left.event < right.event }
    return left.cohort < right.cohort
  }
}
