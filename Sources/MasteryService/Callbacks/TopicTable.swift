/// The table of topics that are taken in, beside those of events that the settings name.
///
/// What the sidecar is asked to deliver, what routes a delivery, and which topics are reserved is read off it.
enum TopicTable {
  /// Who works off what a topic brings.
  enum Consumer: Hashable, Sendable {
    case events
    case deadLetters
    case retry
    case erasures
    case standings
    case batches
  }

  /// A topic that is taken in.
  struct Row: Hashable, Sendable {
    let topic: String
    let consumer: Consumer
    /// Nil where messages come singly: a batch of a component holds up all its other batches, a single message nothing but its partition.
    var batch: Batch?
    /// Where messages go that the sidecar cannot deliver.
    var deadLetterTopic: String? = Topic.deadLetters
    /// Whether messages come as they lie at the broker, whatever they are.
    var isRaw = false
  }

  /// How many messages come together.
  struct Batch: Hashable, Sendable {
    /// Most messages of one delivery.
    let most: Int
    /// How long the sidecar gathers before it delivers what it has, in milliseconds.
    let wait: Int
  }

  /// The dead letters, which share the component of the events, as the sidecar puts them there.
  ///
  /// What comes back from the dead letters would go round for ever; as it lies there, nothing that broke another subscription breaks this
  /// one.
  static let deadLetters = Row(topic: Topic.deadLetters, consumer: .deadLetters, deadLetterTopic: nil, isRaw: true)

  /// The topics that are nobody's but the engine's, over which it hands work to itself.
  static let own: [Row] =
    [
      Row(topic: Topic.retry, consumer: .retry),
      Row(topic: Topic.erasures, consumer: .erasures),
      // A shard of standings is written once for all messages that come together, so they gather for two seconds.
      Row(topic: Topic.standings, consumer: .standings, batch: Batch(most: 1_000, wait: 2_000)),
    ] + BatchJob.Priority.allCases.map { Row(topic: $0.topic, consumer: .batches) }
}
