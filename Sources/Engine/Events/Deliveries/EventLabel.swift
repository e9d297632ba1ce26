/// Optional fields beside the evidence; an invalid one does not invalidate the evidence.
enum EventLabel: String, CaseIterable, Sendable {
  /// The group that the student is compared with.
  case cohort = "cohort_id"
  /// The system that the event comes from.
  case source
  /// The topic that the event is about.
  case topic
}
