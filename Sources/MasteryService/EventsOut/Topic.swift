/// The topics that the engine publishes to, and the one that replayed dead letters come in on.
enum Topic {
  static let results = "mastery.results"
  static let events = "mastery.events"
  static let paths = "learning.path.recommended"
  static let deadLetters = "mastery.dlq"
  static let retry = "mastery.retry"
}
