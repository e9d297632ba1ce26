/// What has happened to a topic's messages since the sidecar started.
public struct TopicStatistics: Hashable, Sendable {
  /// Accepted messages, not counting dead letters that arrived.
  public var published = 0
  /// Messages handed to the app, counted each time.
  public var delivered = 0
  /// Messages that the app accepted.
  public var acknowledged = 0
  /// Messages that wait for the app or for its answer.
  public var undelivered = 0
  /// Messages that went to the dead letter topic.
  public var deadLettered = 0
  /// Messages given up without a dead letter topic.
  public var lost = 0

  /// Nothing has happened.
  public init() {}

  /// Adds what happened to another component's copies; the published count stays.
  mutating func add(_ other: TopicStatistics) {
    delivered += other.delivered
    acknowledged += other.acknowledged
    undelivered += other.undelivered
    deadLettered += other.deadLettered
    lost += other.lost
  }
}
