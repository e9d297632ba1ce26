/// How a delivery ended.
enum DeliveryOutcome: Hashable, Sendable {
  /// Nobody listens: not a try at all.
  case unreachable
  /// A message could not be read from Avro, so the app got none: only the broker's client settles that, neither a policy nor dead letters.
  case unreadable
  /// What happens to each entry, in the order of the batch.
  case answered([Fate])
}
