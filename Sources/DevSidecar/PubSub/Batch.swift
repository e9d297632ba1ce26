/// Messages that go to the app in one call.
struct Batch: Hashable, Sendable {
  /// A message and its number in the batch, which it keeps when it comes again.
  struct Entry: Hashable, Sendable {
    var number: Int
    var message: Message
  }

  /// The same for each try.
  var id: Bits128
  var subscription: Subscription
  var partition: Int
  var entries: [Entry]
  /// How often it has been tried before.
  var tries = 0
}
