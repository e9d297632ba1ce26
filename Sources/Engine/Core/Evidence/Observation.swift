/// What one accepted event says about one student.
public struct Observation: Hashable, Sendable {
  /// The event.
  public let event: EventID
  /// The event's own time.
  public let timestamp: Timestamp
  /// The system that sent the event, if named.
  public let source: SourceName?
  /// The cohort that the event puts the student in, if named.
  public let cohort: CohortID?
  /// The scores in the event; empty if it only asks for the present state.
  public let scores: ComponentValues<Score>

  /// Creates an observation from an event.
  public init(event: EventID, timestamp: Timestamp, source: SourceName?, cohort: CohortID?, scores: ComponentValues<Score>) {
    self.event = event
    self.timestamp = timestamp
    self.source = source
    self.cohort = cohort
    self.scores = scores
  }

  /// The evidence for one component, with the given score.
  func evidence(_ score: Score) -> Evidence {
    Evidence(timestamp: timestamp, event: event, source: source, score: score)
  }

  /// The same observation without its cohort.
  var withoutCohort: Self { Self(event: event, timestamp: timestamp, source: source, cohort: nil, scores: scores) }

  /// The cohort membership that the observation names, if any.
  var membership: CohortMembership? {
    cohort.map { CohortMembership(cohort: $0, timestamp: timestamp, event: event) }
  }
}
