/// What one accepted event says of one student.
public struct Observation: Hashable, Sendable {
  /// The event.
  public let event: EventID
  /// When it happened, by the event's own time.
  public let timestamp: Timestamp
  /// The system that it came from, where it says so.
  public let source: SourceName?
  /// The cohort that it places the student in, where it names one.
  public let cohort: CohortID?
  /// The scores of the components that it speaks of; none where it only asks for the present state.
  public let scores: ComponentValues<Score>

  /// Holds what an event says.
  public init(event: EventID, timestamp: Timestamp, source: SourceName?, cohort: CohortID?, scores: ComponentValues<Score>) {
    self.event = event
    self.timestamp = timestamp
    self.source = source
    self.cohort = cohort
    self.scores = scores
  }

  /// What it says of one component, with the given score.
  func evidence(_ score: Score) -> Evidence {
    Evidence(timestamp: timestamp, event: event, source: source, score: score)
  }

  /// The same, placing the student nowhere.
  var withoutCohort: Self { Self(event: event, timestamp: timestamp, source: source, cohort: nil, scores: scores) }

  /// Where it places the student, where it says so.
  var membership: CohortMembership? {
    cohort.map { CohortMembership(cohort: $0, timestamp: timestamp, event: event) }
  }
}
