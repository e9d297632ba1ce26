/// The broker as a value: messages, who gets them when, and what an answer changes.
///
/// Time is passed in, in milliseconds. As Kafka was recorded: order is kept inside a partition, one batch of a partition is under way at a time, and a batch that comes
/// again holds its partition up.
struct Broker: Sendable {
  var topics: [Topic] = []
  private(set) var places: [String: Int] = [:]
  private let component: PubSubComponent
  let retry: RetryPolicy?
  var random: RandomBits
  private var nextID: Int64 = 1
  var bytes = 0
  /// Messages that wait for the app or its answer, over all topics.
  var undelivered = 0
  /// Whether the app has said what it wants; until then everything is kept.
  private(set) var isSubscribed = false
  /// Whether the app does not answer; until it is back nothing is taken.
  var isAppAway = false
  /// Most bytes of one batch.
  static let batchLimit = 16 << 20

  init(_ component: PubSubComponent, retry: RetryPolicy?, random: RandomBits = RandomBits()) {
    self.component = component
    self.retry = retry
    self.random = random
  }

  mutating func place(of topic: String) -> Int {
    if let place = places[topic] { return place }
    topics.append(Topic(name: topic, partitions: component.partitions))
    places[topic] = topics.count - 1
    return topics.count - 1
  }

  /// Whether messages of a topic have somebody to wait for.
  func keeps(_ topic: String) -> Bool {
    guard isSubscribed else { return true }
    return places[topic].map { topics[$0].subscription != nil } ?? false
  }

  // MARK: Publishing

  /// Gives messages their numbers and places, not in the queue yet; nil when one is too large or there is no room for them.
  mutating func accept(_ messages: [Message], to topic: String, wall: Int64) -> [Message]? {
    let size = messages.reduce(0) { $0 + $1.size }
    guard bytes + size <= component.capacity || !keeps(topic) else { return nil }
    guard messages.allSatisfy({ $0.body.count <= component.messageLimit }) else { return nil }
    return numbered(messages, in: place(of: topic), wall: wall)
  }

  mutating func numbered(_ messages: [Message], in place: Int, wall: Int64?) -> [Message] {
    var messages = messages
    for index in messages.indices {
      let partition = topics[place].place(for: messages[index].key)
      let offset = topics[place].partitions[partition].nextOffset
      topics[place].partitions[partition].nextOffset += 1
      messages[index].id = nextID
      messages[index].partition = partition
      if let wall {
        messages[index].position = Message.Position(topic: topics[place].name, partition: partition, offset: offset, time: wall)
      }
      nextID += 1
    }
    return messages
  }

  /// Puts accepted messages into their queues, where somebody wants them; counts them in any case.
  mutating func enqueue(_ messages: [Message], to topic: String, now: Int64) {
    let place = place(of: topic)
    topics[place].statistics.published += messages.count
    if keeps(topic) { append(messages, to: place, now: now) }
  }

  mutating func append(_ messages: [Message], to place: Int, now: Int64) {
    for var message in messages {
      message.arrived = now
      bytes += message.size
      topics[place].partitions[message.partition].queue.append(message)
    }
    topics[place].statistics.undelivered += messages.count
    undelivered += messages.count
  }

  /// Takes back what was written down before a restart.
  mutating func restore(_ messages: [Message], of topic: String, now: Int64) {
    let place = place(of: topic)
    let messages = messages.map { message in
      var message = message
      message.partition %= component.partitions
      return message
    }
    append(messages, to: place, now: now)
    nextID = max(nextID, (messages.map(\.id).max() ?? 0) + 1)
  }

  /// Goes on counting where a partition had come to before a restart.
  mutating func restore(offset: Int64, of topic: String, partition: Int) {
    guard partition < component.partitions else { return }
    topics[place(of: topic)].partitions[partition].nextOffset = offset
  }

  /// The next offset of each partition of a topic.
  func offsets(of topic: String) -> [Int64] {
    places[topic].map { topics[$0].partitions.map(\.nextOffset) } ?? []
  }

  // MARK: The app

  /// Takes the app's list of subscriptions; what nobody wants any more ends.
  ///
  /// - Returns: The messages that ended, by topic.
  mutating func subscribe(_ subscriptions: [Subscription], now: Int64) -> [(topic: String, messages: [Message])] {
    isSubscribed = true
    for place in topics.indices { topics[place].subscription = nil }
    for subscription in subscriptions where subscription.pubsub == component.name {
      topics[place(of: subscription.topic)].subscription = subscription
    }
    isAppAway = false
    release(now: now)
    return topics.indices.filter { topics[$0].subscription == nil }.map { (topics[$0].name, drain($0)) }.filter { !$0.1.isEmpty }
  }

  /// Nothing waits for a later try when the app has just come back.
  private mutating func release(now: Int64) {
    for place in topics.indices {
      for partition in topics[place].partitions.indices {
        if case .waiting(let batch, _) = topics[place].partitions[partition].work {
          topics[place].partitions[partition].work = .waiting(batch, due: now)
        }
      }
    }
  }

  private mutating func drain(_ place: Int) -> [Message] {
    var ended: [Message] = []
    for partition in topics[place].partitions.indices {
      if case .waiting(let batch, _) = topics[place].partitions[partition].work {
        ended += batch.entries.map(\.message)
        topics[place].partitions[partition].work = .idle
      }
      while let message = topics[place].partitions[partition].queue.popFirst() { ended.append(message) }
    }
    for message in ended { bytes -= message.size }
    topics[place].statistics.undelivered -= ended.count
    undelivered -= ended.count
    return ended
  }

  var subscriptions: [Subscription] { topics.compactMap(\.subscription) }

  var statistics: [String: TopicStatistics] {
    Dictionary(uniqueKeysWithValues: topics.map { ($0.name, $0.statistics) })
  }
}
