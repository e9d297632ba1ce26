/// The latest evidence of one component: a score and its origin.
///
/// Evidence is totally ordered by time, event id, score, source and offset. The order covers all stored fields, so of any two different pieces one
/// is the later, and the outcome does not depend on which of them arrived first.
public struct Evidence: Hashable, Comparable, Sendable {
  /// The event's own time.
  public let timestamp: Timestamp
  /// How far the student's wall clocks were ahead of UTC at that time.
  public let offset: UTCOffset
  /// The event that it comes from.
  public let event: EventID
  /// The system that sent the event, if named.
  public let source: SourceName?
  /// The component's score.
  public let score: Score

  /// Creates the evidence of one event for one component.
  public init(timestamp: Timestamp, offset: UTCOffset = .zero, event: EventID, source: SourceName?, score: Score) {
    self.timestamp = timestamp
    self.offset = offset
    self.event = event
    self.source = source
    self.score = score
  }

  /// The day that it counts for.
  public var day: Day { Day(timestamp, offset) }

  /// Whether `left` is superseded by `right`.
  public static func < (left: Self, right: Self) -> Bool {
    if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
    if left.event != right.event { return left.event < right.event }
    if left.score != right.score { return left.score < right.score }
    guard left.source == right.source else { return right.source.map { source in left.source.map { $0 < source } ?? true } ?? false }
    return left.offset < right.offset
  }
}
