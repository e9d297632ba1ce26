/// A topic: its partitions, who wants it, and what has become of it.
struct Topic: Sendable {
  /// What a partition is doing.
  enum Work: Sendable {
    case idle
    /// A batch is with the app.
    case busy
    /// A batch comes again at a time.
    case waiting(Batch, due: Int64)
  }

  /// Messages that stay in order.
  struct Partition: Sendable {
    var queue = MessageQueue()
    var nextOffset: Int64 = 0
    var work = Work.idle
  }

  let name: String
  var partitions: [Partition]
  var subscription: Subscription?
  var statistics = TopicStatistics()
  private var turn = 0

  init(name: String, partitions: Int) {
    self.name = name
    self.partitions = Array(repeating: Partition(), count: partitions)
  }

  /// The partition for a key (FNV-1a); without one each in turn.
  mutating func place(for key: String?) -> Int {
    guard let key else {
      turn += 1
      return turn % partitions.count
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash >> 33) % UInt64(partitions.count))
  }
}
