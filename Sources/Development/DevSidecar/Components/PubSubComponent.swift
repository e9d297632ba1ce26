/// A pub/sub component's settings.
struct PubSubComponent: Hashable, Sendable {
  var name: String
  /// Which recorded broker it behaves like.
  var profile = BrokerProfile.kafka
  /// What components must share for their topics to be the same: the type and the brokers' addresses.
  var cluster = ""
  /// How many partitions each topic has; only for Kafka.
  var partitions = 6
  /// How many messages may be with the app, or wait for a batch or a retry; only for Redis.
  var concurrency = 10
  /// How many bytes of undelivered messages are kept before publishing is refused.
  var capacity = 512 << 20
  /// How many bytes a message may have; the default is about what Kafka's brokers accept.
  var messageLimit = 1_000_000
  /// Whether deliveries carry Kafka's metadata: key, offset, partition, timestamp, topic.
  var addsPosition = true
  /// Whether published messages are kept for reading, whoever subscribes to them; needs a data folder.
  var retains = false
  /// When Kafka's client offers again what nothing else has settled; nil if it gives that up at once.
  var offers: RetryPolicy? = RetryPolicy(kind: .constant, pause: 5_000, most: nil)
  /// Whether unions of Avro values are written as Avro's own JSON encoding does.
  var namesBranches = false
  /// Whether keys and values of headers are percent-encoded in deliveries.
  var escapesHeaders = false

  init(name: String) {
    self.name = name
  }

  /// A component of a file.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - type: Its type, such as `pubsub.kafka`.
  ///   - metadata: Its metadata by name.
  /// - Throws: `DevSidecarFailure` that names the wrong field.
  init(name: String, type: String, _ metadata: ComponentField) throws(DevSidecarFailure) {
    self.init(name: name)
    if type == "pubsub.redis" { profile = .redis }
    cluster = [type, metadata["brokers"].node?.text ?? "", metadata["redisHost"].node?.text ?? ""].joined(separator: " ")
    partitions = try metadata["partitions"].integer() ?? partitions
    guard (1...256).contains(partitions) else { throw metadata["partitions"].mustBe("1 to 256") }
    concurrency = try metadata["concurrency"].integer() ?? concurrency
    guard (1...100_000).contains(concurrency) else { throw metadata["concurrency"].mustBe("1 to 100000") }
    capacity = try metadata["maxQueueBytes"].integer() ?? capacity
    guard capacity > 0 else { throw metadata["maxQueueBytes"].mustBe("positive") }
    messageLimit = try metadata["maxMessageBytes"].integer() ?? messageLimit
    guard messageLimit > 0 else { throw metadata["maxMessageBytes"].mustBe("positive") }
    addsPosition = try metadata["kafkaMetadata"].boolean() ?? (profile == .kafka)
    retains = try metadata["retain"].boolean() ?? retains
    offers = try Self.offers(metadata)
    namesBranches = try metadata["useAvroJSON"].boolean() ?? namesBranches
    escapesHeaders = try metadata["escapeHeaders"].boolean() ?? escapesHeaders
  }

  private static func offers(_ metadata: ComponentField) throws(DevSidecarFailure) -> RetryPolicy? {
    let retries = try metadata["backOffMaxRetries"].integer() ?? -1
    let most = retries < 0 ? nil : retries
    let offers: RetryPolicy
    switch metadata["backOffPolicy"].node?.text {
    case nil, "constant": offers = RetryPolicy(kind: .constant, pause: try metadata["backOffDuration"].duration() ?? 5_000, most: most)
    case "exponential":
      offers = RetryPolicy(
        kind: .exponential, pause: try metadata["backOffInitialInterval"].duration() ?? 500,
        longest: try metadata["backOffMaxInterval"].duration() ?? 60_000, most: most)
    default: throw metadata["backOffPolicy"].mustBe("constant or exponential")
    }
    return try metadata["consumeRetryEnabled"].boolean() ?? true ? offers : nil
  }

  /// The same component run by another broker.
  func running(as profile: BrokerProfile?) -> PubSubComponent {
    guard let profile, profile != self.profile else { return self }
    var component = self
    component.profile = profile
    component.addsPosition = profile == .kafka
    return component
  }
}
