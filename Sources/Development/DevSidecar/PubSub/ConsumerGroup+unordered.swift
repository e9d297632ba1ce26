/// Deliveries of brokers without partitions, in no order.
///
/// The number of outstanding messages is limited, over all topics or for each: with the app, in a batch that is not full yet, or waiting
/// for a retry. A topic has one bulk delivery at a time; single ones run side by side.
extension ConsumerGroup {
  mutating func takeOutstanding(now: Int64, _ random: inout RandomBits, _ moves: inout Moves) -> [Batch] {
    var batches: [Batch] = []
    for topic in topics.indices { batches += takeAgain(topic, now: now) }
    fetch(&batches, now: now, &random, &moves)
    for topic in topics.indices {
      // The room that a batch leaves is filled at once.
      while let batch = takeBatch(topic, now: now, &random) { batches.append(batch) }
    }
    return batches
  }

  private mutating func takeAgain(_ topic: Int, now: Int64) -> [Batch] {
    guard let subscription = topics[topic].subscription, topics[topic].again.contains(where: { $0.due <= now }) else { return [] }
    let due = topics[topic].again.filter { $0.due <= now }.map { again in
      var batch = again.batch
      batch.subscription = subscription
      return batch
    }
    topics[topic].again.removeAll { $0.due <= now }
    return due
  }

  /// Fetches messages of one topic after the other while there is room.
  private mutating func fetch(_ batches: inout [Batch], now: Int64, _ random: inout RandomBits, _ moves: inout Moves) {
    var passed = 0
    while passed < topics.count {
      turn = (turn + 1) % topics.count
      if let subscription = topics[turn].subscription, hasRoom(turn), let message = pop(turn, &random) {
        passed = 0
        fetched(message, turn, subscription, &batches, now: now, &random, &moves)
      } else {
        passed += 1
      }
    }
  }

  /// Makes room for that many other messages.
  mutating func free(_ count: Int, _ topic: Int) {
    guard component.profile != .kafka else { return }
    outstanding -= count
    topics[topic].outstanding -= count
  }

  private func hasRoom(_ topic: Int) -> Bool {
    component.profile == .memory ? topics[topic].outstanding == 0 : outstanding < component.concurrency
  }

  private mutating func pop(_ topic: Int, _ random: inout RandomBits) -> Message? {
    let window = min(topics[topic].partitions[0].queue.count, component.concurrency)
    return topics[topic].partitions[0].queue.pop(at: window > 1 ? Int(random.next() >> 33) % window : 0)
  }

  private mutating func fetched(
    _ message: Message, _ topic: Int, _ subscription: Subscription, _ batches: inout [Batch], now: Int64, _ random: inout RandomBits,
    _ moves: inout Moves
  ) {
    if message.isBroken, !subscription.isRaw {
      return bury([Batch.Entry(number: 0, message: message)], topic, subscription.deadLetterTopic, &moves)
    }
    outstanding += 1
    topics[topic].outstanding += 1
    guard subscription.bulk == nil else {
      if topics[topic].fetched.isEmpty { topics[topic].partitions[0].ticksTaken = topics[topic].ticks(at: now) }
      topics[topic].fetched.append(message)
      return
    }
    let entry = Batch.Entry(number: 0, message: message)
    batches.append(Batch(id: random.uuid(), group: number, subscription: subscription, partition: 0, entries: [entry]))
  }

  private mutating func takeBatch(_ topic: Int, now: Int64, _ random: inout RandomBits) -> Batch? {
    guard let subscription = topics[topic].subscription, let bulk = subscription.bulk else { return nil }
    switch topics[topic].partitions[0].work {
    case .busy: return nil
    case .waiting(var batch, let due):
      guard due <= now else { return nil }
      batch.subscription = subscription
      topics[topic].partitions[0].work = .busy
      return batch
    case .idle: break
    }
    let ticks = topics[topic].ticks(at: now)
    let ticked = ticks > topics[topic].partitions[0].ticksTaken
    let count = min(topics[topic].fetched.count, bulk.most)
    guard count > 0, ticked || count == bulk.most else { return nil }
    if count < bulk.most { topics[topic].partitions[0].ticksTaken = ticks }
    let entries = topics[topic].fetched.prefix(count).enumerated().map { Batch.Entry(number: $0, message: $1) }
    topics[topic].fetched.removeFirst(count)
    topics[topic].partitions[0].work = .busy
    return Batch(id: random.uuid(), group: number, subscription: subscription, partition: 0, entries: entries)
  }

  func nextOutstandingDue(now: Int64) -> Int64? {
    var next: Int64?
    for topic in topics where topic.subscription != nil {
      for again in topic.again { next = min(next ?? again.due, again.due) }
      switch topic.partitions[0].work {
      case .busy: break
      case .waiting(_, let due): next = min(next ?? due, due)
      case .idle:
        if !topic.fetched.isEmpty, let tick = topic.nextTick(after: now) { next = min(next ?? tick, tick) }
      }
    }
    return next
  }
}
