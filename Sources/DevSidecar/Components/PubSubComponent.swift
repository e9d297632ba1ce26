/// A pub/sub component's settings.
struct PubSubComponent: Hashable, Sendable {
  var name: String
  /// How many partitions each topic has.
  var partitions = 4
  /// How many bytes of undelivered messages are kept before publishing is refused.
  var capacity = 512 << 20
  /// How many bytes a message may have; the default is about what Kafka's brokers take.
  var messageLimit = 1_000_000
  /// Whether deliveries carry what Kafka adds: key, offset, partition, timestamp, topic.
  var addsPosition = true
  /// Whether what was published is kept for reading, whoever subscribes to it, with a data folder.
  var retains = false

  init(name: String) {
    self.name = name
  }

  init(name: String, _ metadata: ComponentField) throws(DevSidecarFailure) {
    self.init(name: name)
    partitions = try metadata["partitions"].integer() ?? partitions
    guard (1...256).contains(partitions) else { throw metadata["partitions"].wrong("must be 1 to 256") }
    capacity = try metadata["maxQueueBytes"].integer() ?? capacity
    guard capacity > 0 else { throw metadata["maxQueueBytes"].wrong("must be positive") }
    messageLimit = try metadata["maxMessageBytes"].integer() ?? messageLimit
    guard messageLimit > 0 else { throw metadata["maxMessageBytes"].wrong("must be positive") }
    addsPosition = try metadata["kafkaMetadata"].boolean() ?? addsPosition
    retains = try metadata["retain"].boolean() ?? retains
  }
}
