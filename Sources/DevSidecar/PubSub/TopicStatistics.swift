/// What has become of a topic's messages since the sidecar started.
public struct TopicStatistics: Hashable, Sendable {
  /// Messages accepted, dead letters that came in not counted.
  public var published = 0
  /// Messages handed to the app, each time counted.
  public var delivered = 0
  /// Messages that the app took.
  public var acknowledged = 0
  /// Messages that wait for the app or for its answer.
  public var undelivered = 0
  /// Messages that went to the dead letter topic.
  public var deadLettered = 0
  /// Messages that were given up without a dead letter topic.
  public var lost = 0

  /// Nothing has happened.
  public init() {}

  /// Adds what became of another component's copies; what was published stays as it is.
  mutating func add(_ other: TopicStatistics) {
    delivered += other.delivered
    acknowledged += other.acknowledged
    undelivered += other.undelivered
    deadLettered += other.deadLettered
    lost += other.lost
  }
}
