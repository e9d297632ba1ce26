/// The topics that the engine publishes to, and those of its own work and replayed dead letters.
enum Topic {
  static let results = "mastery.results"
  static let events = "mastery.events"
  static let paths = "learning.path.recommended"
  static let deadLetters = "mastery.dlq"
  static let retry = "mastery.retry"
  /// The engine's own work: students to erase.
  static let erasures = "mastery.erasures"
  static let erased = "mastery.erased"
  /// The engine's own work: standings updates that follow from folds.
  static let standings = "mastery.standings"
  /// Used only for probes: a message there shows that the broker accepts messages again, through whichever component brings it.
  static let probe = "mastery.probe"
  /// The same probe on the component of the engine's own topics.
  static let ownProbe = "mastery.probe.own"

  /// The topics that the engine publishes to and only others read; it reads its dead letters itself.
  static let ofOthers = [results, events, paths, erased]
  /// The engine's private topics, through which it hands work to itself.
  static let own = TopicTable.own.map(\.topic)
  /// Every topic that the engine itself publishes to, or subscribes to beside the event topics.
  static let reserved = [results, events, paths, deadLetters, erased, probe, ownProbe] + own
}
