/// Which recorded broker the topics behave like.
public enum BrokerProfile: String, Sendable, CaseIterable {
  /// Kafka: partitions that keep the order of a key, one bulk delivery at a time over all topics of a component.
  case kafka
  /// Redis streams: a limited number of outstanding messages over all topics of a component, in no order.
  case redis
  /// The in-memory component: one message of a topic outstanding, in no order.
  case memory
}
