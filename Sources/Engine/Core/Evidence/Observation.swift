/// What one accepted event says about one student.
public struct Observation: Hashable, Sendable {
  /// The event.
  public let event: EventID
  /// The event's own time.
  public let timestamp: Timestamp
  /// How far the student's wall clocks were ahead of UTC at that time; decides on the day.
  public let offset: UTCOffset
  /// How often the event was corrected.
  public let correction: Correction
  /// The system that sent the event, if named.
  public let source: SourceName?
  /// The course and topic that it is about.
  public let topic: CourseTopic
  /// The cohort of that course that the event puts the student in, if named.
  public let cohort: CohortID?
  /// The evidence in the event; empty if it only asks for the present state.
  public let contents: ComponentValues<EvidenceContent>

  /// Creates an observation from an event.
  public init(
    event: EventID, timestamp: Timestamp, offset: UTCOffset = .zero, correction: Correction = .none, source: SourceName?,
    topic: CourseTopic = .none, cohort: CohortID?, contents: ComponentValues<EvidenceContent>
  ) {
    self.event = event
    self.timestamp = timestamp
    self.offset = offset
    self.correction = correction
    self.source = source
    self.topic = topic
    self.cohort = cohort
    self.contents = contents
  }

  /// The day that it counts for.
  var day: Day { Day(timestamp, offset) }

  /// The evidence for one component, with the given content.
  func evidence(_ content: EvidenceContent) -> Evidence {
    Evidence(timestamp: timestamp, offset: offset, event: event, correction: correction, source: source, content: content)
  }

  /// The same observation without its cohort.
  var withoutCohort: Self {
    Self(
      event: event, timestamp: timestamp, offset: offset, correction: correction, source: source, topic: topic, cohort: nil,
      contents: contents)
  }

  /// The same observation by wall clocks that are so far ahead of UTC.
  public func dated(_ offset: UTCOffset) -> Self {
    Self(
      event: event, timestamp: timestamp, offset: offset, correction: correction, source: source, topic: topic, cohort: cohort,
      contents: contents)
  }

  /// The cohort membership that the observation names, if any; what takes evidence back moves nobody.
  var membership: CohortMembership? {
    guard let cohort, contents.contains(where: { !$0.value.isRetracted }) else { return nil }
    return CohortMembership(course: topic.course, cohort: cohort, timestamp: timestamp, event: event, correction: correction)
  }
}
