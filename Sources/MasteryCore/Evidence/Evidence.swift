/// The latest that is known of one component: a score, and where it comes from.
///
/// Evidence is in a total order by time, event id, score and source. All that is stored takes part in the order, so of any two different
/// pieces one is the later, and nothing that can be observed depends on which of them arrived first.
public struct Evidence: Hashable, Comparable, Sendable {
  /// When it happened, by the event's own time.
  public let timestamp: Timestamp
  /// The event that said it.
  public let event: EventID
  /// The system that the event came from, where it says so.
  public let source: SourceName?
  /// The component's score.
  public let score: Score

  /// Holds what one event says of one component.
  public init(timestamp: Timestamp, event: EventID, source: SourceName?, score: Score) {
    self.timestamp = timestamp
    self.event = event
    self.source = source
    self.score = score
  }

  /// Whether `left` is superseded by `right`.
  public static func < (left: Self, right: Self) -> Bool {
    if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
    if left.event != right.event { return left.event < right.event }
    if left.score != right.score { return left.score < right.score }
    guard let source = right.source else { return false }
    return left.source.map { $0 < source } ?? true
  }
}
