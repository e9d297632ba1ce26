/// The topics of a simulated world.
enum WorldTopics {
  /// The topics with events for replicas, not counting dead letters that are sent again.
  static let events = ["mastery.requests", "learning.completion", "learning.quiz"]
  /// The topics of the engine's own work if students use their rights.
  static let ofRights = ["mastery.dlq", "mastery.erasures"]
  /// The topics of standings and batches if students are compared.
  static let ofCohorts = ["mastery.standings", "mastery.batch.low", "mastery.batch.high"]

  /// The topic of events to be retried, and of dead letters that are sent again.
  static let waitingRoom = "mastery.retry"
}
