/// The latest evidence of one component on one day: what it is made of, and its origin.
///
/// Evidence is totally ordered by time, correction, event id, content, source and offset. The order covers all stored fields, so of any two different
/// pieces one is the later, and the outcome does not depend on which of them arrived first.
public struct Evidence: Hashable, Comparable, Sendable {
  /// The event's own time.
  public let timestamp: Timestamp
  /// The event that it comes from.
  public let event: EventID
  /// The system that sent the event, if named.
  public let source: SourceName?
  /// What it is made of.
  public let content: EvidenceContent
  /// How far the student's wall clocks were ahead of UTC at that time.
  public let offset: UTCOffset
  /// How often the event was corrected; 0 for the first account of it.
  public let correction: Correction

  /// Creates the evidence of one event for one component.
  public init(
    timestamp: Timestamp, offset: UTCOffset = .zero, event: EventID, correction: Correction = .none, source: SourceName?,
    content: EvidenceContent
  ) {
    self.timestamp = timestamp
    self.event = event
    self.source = source
    self.content = content
    self.offset = offset
    self.correction = correction
  }

  /// The component's score; 0 for evidence that was taken back, which never counts.
  public var score: Score { content.score }

  /// Whether it only says that what was there is taken back.
  public var isRetracted: Bool { content.isRetracted }

  /// The day that it counts for.
  public var day: Day { Day(timestamp, offset) }

  /// Whether `left` is superseded by `right`.
  public static func < (left: Self, right: Self) -> Bool {
    if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
    if left.correction != right.correction { return left.correction < right.correction }
    if left.event != right.event { return left.event < right.event }
    if left.content != right.content { return EvidenceContent.isBefore(left.content, right.content) }
    if left.source != right.source { return left.source.isBefore(right.source) }
    return left.offset < right.offset
  }
}
