/// The result of applying observations to a document.
public struct Change: Hashable, Sendable {
  /// The document afterwards.
  public let document: StudentDocument
  /// Whether the document is a new revision that has to be saved.
  public let isChanged: Bool
  /// Announcements for the new revision; they belong in the outbox of the same save.
  public let announcements: [Announcement]
  /// The outcome of the last weekly forecast, if its day is over.
  public let judged: WeeklyForecast.Outcome?
  /// Events left out because the student was erased after them or consent is withdrawn.
  public let forgotten: [EventID]
  /// Number of events whose cohort was ignored because the student has been in too many.
  public let cohortsLeftOut: Int
  /// The courses and topics of events that were left out, because each would be one more than a student can have.
  public let refused: Set<CourseTopic>
}
