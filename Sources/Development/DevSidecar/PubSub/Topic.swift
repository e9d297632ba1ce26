/// A topic as one consumer group sees it: what waits, who subscribes, and what has happened.
struct Topic: Sendable {
  /// The state of a partition or a topic that hands out one batch at a time.
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
    /// The state of single deliveries.
    var work = Work.idle
    /// How many messages at the head of the queue are gathered for a bulk delivery.
    var gathered = 0
    /// The number of the ticker's last tick that this partition has taken.
    var ticksTaken: Int64 = 0
    /// Whether it is in the line to gather or to deliver.
    var isInLine = false

    /// Gathers more waiting messages, up to the batch size.
    mutating func gather(_ count: Int, most: Int) {
      gathered = min(gathered + count, queue.count, most)
    }
  }

  let name: String
  var partitions: [Partition]
  var subscription: Subscription?
  /// When the subscription's ticker began, in milliseconds on the steady clock.
  var began: Int64 = 0
  var statistics = TopicStatistics()
  /// Without partitions: how many messages are with the app or wait for a batch or a retry.
  var outstanding = 0
  /// Without partitions: what waits for a batch.
  var fetched: [Message] = []
  /// Without partitions: single deliveries that come again.
  var again: [(batch: Batch, due: Int64)] = []

  init(name: String, partitions: Int) {
    self.name = name
    self.partitions = Array(repeating: Partition(), count: partitions)
  }

  /// How often the ticker has fired by a time.
  func ticks(at now: Int64) -> Int64 {
    guard let bulk = subscription?.bulk else { return 0 }
    return max(0, now - began) / bulk.patience
  }

  /// When the ticker fires next after a time.
  func nextTick(after now: Int64) -> Int64? {
    guard let bulk = subscription?.bulk else { return nil }
    return began + (ticks(at: now) + 1) * bulk.patience
  }
}
