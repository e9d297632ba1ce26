public import DaprClient

extension Configuration {
  /// The broker's components, and the topics that use another than the shared one.
  public var broker: BrokerComponents {
    BrokerComponents(
      shared: pubsub, own: ownPubsub ?? pubsub, ownTopics: Set(Topic.own + [Topic.ownProbe]), eventTopics: eventPubsubs,
      avro: avroTopics.isEmpty ? nil : avroPubsub.map { AvroTopics(component: $0, topics: Set(avroTopics)) })
  }

  /// The event topics whose messages are in JSON.
  var jsonEventTopics: [String] { eventTopics.filter { !broker.isAvro($0) } }
}
