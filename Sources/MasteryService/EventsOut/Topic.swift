/// The topics that the engine publishes to, and those that bring its own work and replayed dead letters.
enum Topic {
  static let results = "mastery.results"
  static let events = "mastery.events"
  static let paths = "learning.path.recommended"
  static let deadLetters = "mastery.dlq"
  static let retry = "mastery.retry"
  /// The engine's own work: students to be erased.
  static let erasures = "mastery.erasures"
  static let erased = "mastery.erased"
}
