internal import Encodings

/// Messages that go to the app in one call.
struct Batch: Hashable, Sendable {
  /// A message and its number in the batch, which it keeps when it comes again.
  struct Entry: Hashable, Sendable {
    var number: Int
    var message: Message
  }

  /// The same for each try.
  var id: Bits128
  /// The index of its consumer group.
  var group: Int
  var subscription: Subscription
  /// The partition of all its messages; 0 if there are none.
  var partition: Int
  var entries: [Entry]
  /// How often it has been tried before.
  var tries = 0

  var isBulk: Bool { subscription.bulk != nil }
}
