/// The cohort that a student is in within a course, and the event that named it; ordered by time, correction, event id and cohort.
public struct CohortMembership: Hashable, Comparable, Sendable {
  /// The course within which the cohort was joined; nil for a cohort joined outside any course.
  public let course: CourseID?
  /// The cohort.
  public let cohort: CohortID
  /// When the event happened.
  public let timestamp: Timestamp
  /// The event that named the cohort.
  public let event: EventID
  /// How often the event was corrected by then.
  public let correction: Correction

  /// Creates a membership from an event.
  public init(
    course: CourseID? = nil, cohort: CohortID, timestamp: Timestamp, event: EventID, correction: Correction = .none
  ) {
    self.course = course
    self.cohort = cohort
    self.timestamp = timestamp
    self.event = event
    self.correction = correction
  }

  /// Whether `left` is superseded by `right` within a course.
  public static func < (left: Self, right: Self) -> Bool {
    if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
    if left.correction != right.correction { return left.correction < right.correction }
    if left.event != right.event { return left.event < right.event }
    if left.cohort != right.cohort { return left.cohort < right.cohort }
    return left.course.isBefore(right.course)
  }
}
