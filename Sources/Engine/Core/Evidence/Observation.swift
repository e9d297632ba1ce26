/// What one accepted event says about one student.
public struct Observation: Hashable, Sendable {
  /// The event.
  public let event: EventID
  /// The event's own time.
  public let timestamp: Timestamp
  /// How far the student's wall clocks were ahead of UTC at that time; decides on the day.
  public let offset: UTCOffset
  /// The system that sent the event, if named.
  public let source: SourceName?
  /// The cohort that the event puts the student in, if named.
  public let cohort: CohortID?
  /// The scores in the event; empty if it only asks for the present state.
  public let scores: ComponentValues<Score>

  /// Creates an observation from an event.
  public init(
    event: EventID, timestamp: Timestamp, offset: UTCOffset = .zero, source: SourceName?, cohort: CohortID?, scores: ComponentValues<Score>
  ) {
    self.event = event
    self.timestamp = timestamp
    self.offset = offset
    self.source = source
    self.cohort = cohort
    self.scores = scores
  }

  /// The day that it counts for.
  var day: Day { Day(timestamp, offset) }

  /// The evidence for one component, with the given score.
  func evidence(_ score: Score) -> Evidence {
    Evidence(timestamp: timestamp, offset: offset, event: event, source: source, score: score)
  }

  /// The same observation without its cohort.
  var withoutCohort: Self {
    Self(event: event, timestamp: timestamp, offset: offset, source: source, cohort: nil, scores: scores)
  }

  /// The same observation by wall clocks that are so far ahead of UTC.
  public func dated(_ offset: UTCOffset) -> Self {
    Self(event: event, timestamp: timestamp, offset: offset, source: source, cohort: cohort, scores: scores)
  }

  /// The cohort membership that the observation names, if any.
  var membership: CohortMembership? {
    cohort.map { CohortMembership(cohort: $0, timestamp: timestamp, event: event) }
  }
}
