/// How a delivery ended.
enum DeliveryOutcome: Hashable, Sendable {
  /// Nobody listens: not a try at all.
  case unreachable
  /// What happens to each entry, in the order of the batch.
  case answered([Fate])
}
