/// The topics of a simulated world.
enum WorldTopics {
  /// The topics with events for replicas, except the retry topic.
  static let events = ["mastery.requests", "learning.completion", "learning.quiz"]
  /// The engine's own topics if students use their rights.
  static let ofRights = ["mastery.dlq", "mastery.erasures"]
  /// The topics of standings and batches if students are compared.
  static let ofCohorts = ["mastery.standings", "mastery.batch.low", "mastery.batch.high"]

  /// The retry topic, for deferred events and replayed dead letters.
  static let waitingRoom = "mastery.retry"
}
