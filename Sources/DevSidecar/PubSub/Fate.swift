/// What the app's answer means for one message.
enum Fate: Hashable, Sendable {
  /// It was taken.
  case taken
  /// It shall come again, if a policy has it so.
  case again
  /// It goes to the dead letter topic, if there is one.
  case dropped
}

/// How a delivery ended.
enum DeliveryOutcome: Hashable, Sendable {
  /// Nobody listens: no try at all.
  case unreachable
  /// What becomes of each entry, in the order of the batch.
  case answered([Fate])
}
