/// The table of consumed topics, beside the event topics named in the settings.
///
/// Subscriptions, routing and reserved topics are derived from it.
enum TopicTable {
  /// The consumer of a topic.
  enum Consumer: Hashable, Sendable {
    case events
    case deadLetters
    case retry
    case erasures
    case standings
    case batches
  }

  /// A consumed topic.
  struct Row: Hashable, Sendable {
    let topic: String
    let consumer: Consumer
    /// Nil for single messages: in a bulk subscription one batch holds up all other batches of the component, whereas a single message
    /// holds up only its partition.
    var batch: Batch?
    /// The topic for messages that the sidecar cannot deliver.
    var deadLetterTopic: String? = Topic.deadLetters
    /// Whether messages are delivered raw, exactly as stored by the broker.
    var isRaw = false
    /// Whether the sidecar is to decode messages from Avro.
    var isAvro = false
  }

  /// The size and waiting time of bulk deliveries.
  struct Batch: Hashable, Sendable {
    /// Maximum number of messages in one delivery.
    let most: Int
    /// How long the sidecar collects messages before it delivers them, in milliseconds.
    let wait: Int
  }

  /// The dead letters, on the shared component alone, whichever buried them.
  ///
  /// The sidecar buries a message through the component that delivered it. All components are on the same brokers, so one subscription
  /// gets every dead letter, and gets it once; with a second one each would come twice.
  ///
  /// It has no dead-letter topic of its own, because its messages would circulate forever, and it is delivered raw, so that a message that
  /// broke another subscription cannot break this one.
  static let deadLetters = Row(topic: Topic.deadLetters, consumer: .deadLetters, deadLetterTopic: nil, isRaw: true)

  /// The engine's private topics, through which it hands work to itself.
  static let own: [Row] =
    [
      Row(topic: Topic.retry, consumer: .retry),
      Row(topic: Topic.erasures, consumer: .erasures),
      // A shard of standings is written once for all messages of a delivery, so they are collected for two seconds.
      Row(topic: Topic.standings, consumer: .standings, batch: Batch(most: 1_000, wait: 2_000)),
    ] + BatchJob.Priority.allCases.map { Row(topic: $0.topic, consumer: .batches) }
}
