internal import Encodings

/// Messages that go to the app in one call.
struct Batch: Hashable, Sendable {
  /// A message and its number in the batch, which it keeps when it comes again.
  struct Entry: Hashable, Sendable {
    var number: Int
    var message: Message
    /// What a message in Avro is, once it has been read.
    var read: AvroWire.Read?

    /// What subscribers get.
    var body: [UInt8] { read?.text ?? message.body }

    /// The message as the dead letters get it: what has been read stays so.
    var letter: Message {
      var letter = message
      letter.body = body
      return letter
    }
  }

  /// The same for each try.
  var id: Bits128
  /// The index of its consumer group.
  var group: Int
  var subscription: Subscription
  /// The partition of all its messages; 0 if there are none.
  var partition: Int
  var entries: [Entry]
  /// How often it has been tried before, since it was last offered.
  var tries = 0
  /// How often the broker's client has offered it again.
  var offers = 0

  var isBulk: Bool { subscription.bulk != nil }
}
