/// How a topic is created at Kafka.
public struct KafkaTopic: Hashable, Sendable {
  /// What its messages are keyed by: the order of a key is kept, and its messages come together.
  public enum Key: String, Sendable {
    case student, piece, school
    case none
  }

  /// The name.
  public let name: String
  /// The number of partitions: as many replicas can share the work.
  public var partitions = 6
  /// The number of brokers that keep a message.
  public let replicas = 3
  /// The number of brokers that must have a message before it is acknowledged.
  public let minimumInSync = 2
  /// Maximum bytes of a message.
  public var mostBytes = 128 << 10
  /// How long a message is kept, in milliseconds.
  public var retention = 7 * day
  /// What its messages are keyed by.
  public var key = Key.student

  private static let day: Int64 = 86_400_000

  /// All topics that the service publishes or subscribes to: events in, results, dead letters and its own work, probes.
  ///
  /// None of them is compacted: a student's later event does not replace an earlier one.
  public static func all(_ configuration: Configuration) -> [Self] {
    (configuration.eventTopics + Topic.reserved).map { name in
      var topic = Self(name: name)
      switch name {
      case Topic.deadLetters:
        // They come singly, few, and in order; each holds an event of up to 64 KiB as escaped text.
        (topic.partitions, topic.mostBytes, topic.retention) = (1, 1 << 20, 30 * day)
      case Topic.retry: topic.mostBytes = 1 << 20
      case Topic.probe, Topic.ownProbe: (topic.partitions, topic.retention, topic.key) = (1, day, .none)
      case Topic.standings: topic.key = .school
      case _ where BatchJob.Priority(topic: name) != nil: topic.key = .piece
      default: break
      }
      return topic
    }
  }

  private init(name: String) { self.name = name }

  /// The settings that differ from the broker's own, in the broker's words.
  public var settings: [(name: String, value: String)] {
    [("max.message.bytes", "\(mostBytes)"), ("min.insync.replicas", "\(minimumInSync)"), ("retention.ms", "\(retention)")]
  }
}
