/// What became of a document that took in observations.
public struct Change: Hashable, Sendable {
  /// The document afterwards.
  public let document: StudentDocument
  /// Whether it is a new revision, and so has to be saved.
  public let isChanged: Bool
  /// What to announce about the new revision; it belongs into the outbox of the same save.
  public let announcements: [Announcement]
  /// How the last weekly forecast fared, where its day was over.
  public let judged: WeeklyForecast.Outcome?
  /// The events that were left out because the student was erased after them, or consent is withdrawn.
  public let forgotten: [EventID]
  /// How many events named a cohort that was left out, since the student has been in too many.
  public let unplaced: Int
}
