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
  /// The engine's own work: what the standings of cohorts must learn of folds.
  static let standings = "mastery.standings"
  /// Nobody's: a message there shows that the broker takes messages again.
  static let probe = "mastery.probe"
  /// The same through the component of the engine's own topics.
  static let ownProbe = "mastery.probe.own"

  /// The topics that are nobody's but the engine's, over which it hands work to itself.
  static let own = TopicTable.own.map(\.topic)
  /// Every topic that the engine publishes to by itself, or subscribes besides those of events.
  static let reserved = [results, events, paths, deadLetters, erased, probe, ownProbe] + own
}
