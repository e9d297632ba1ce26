/// What the app's list of subscriptions changes.
extension ConsumerGroup {
  var subscriptions: [Subscription] { topics.compactMap(\.subscription) }

  /// Applies the app's list; messages without a subscriber end.
  ///
  /// - Returns: The messages that ended, by topic.
  mutating func subscribe(_ subscriptions: [Subscription], now: Int64) -> [(topic: String, messages: [Message])] {
    var wanted: [Int: Subscription] = [:]
    for var subscription in subscriptions where subscription.pubsub == component.name {
      // No other broker's component knows Avro.
      if component.profile != .kafka { subscription.isAvro = false }
      wanted[index(of: subscription.topic)] = subscription
    }
    var ended: [(topic: String, messages: [Message])] = []
    for topic in topics.indices {
      if topics[topic].subscription != wanted[topic] { change(topic, to: wanted[topic], now: now) }
      guard wanted[topic] == nil else { continue }
      let messages = drain(topic)
      if !messages.isEmpty { ended.append((topics[topic].name, messages)) }
    }
    release(now: now)
    return ended
  }

  private mutating func change(_ topic: Int, to subscription: Subscription?, now: Int64) {
    line.leave(topic)
    if bulkPartition?.topic == topic { bulkPartition = nil }
    if case .waiting(let batch, _) = bulk, batch.subscription.topic == topics[topic].name {
      topics[topic].partitions[batch.partition].queue.putBack(batch.entries.map(\.message))
      bulk = .idle
    }
    for partition in topics[topic].partitions.indices {
      topics[topic].partitions[partition].gathered = 0
      topics[topic].partitions[partition].isInLine = false
      guard case .waiting(let batch, _) = topics[topic].partitions[partition].work else { continue }
      topics[topic].partitions[partition].queue.putBack(batch.entries.map(\.message))
      topics[topic].partitions[partition].work = .idle
      free(batch.entries.count, topic)
    }
    let fetched = topics[topic].fetched + topics[topic].again.flatMap { $0.batch.entries.map(\.message) }
    topics[topic].partitions[0].queue.putBack(fetched)
    free(fetched.count, topic)
    topics[topic].fetched = []
    topics[topic].again = []
    topics[topic].subscription = subscription
    topics[topic].began = now
    for partition in topics[topic].partitions.indices {
      topics[topic].partitions[partition].ticksTaken = 0
      if subscription?.bulk != nil, component.profile == .kafka { wake(PartitionID(topic: topic, partition: partition), now: now) }
    }
  }

  private mutating func drain(_ topic: Int) -> [Message] {
    var ended: [Message] = []
    for partition in topics[topic].partitions.indices {
      while let message = topics[topic].partitions[partition].queue.popFirst() { ended.append(message) }
    }
    for message in ended { end(message, topic) }
    return ended
  }

  /// Nothing waits for a later try when the app has just come back.
  private mutating func release(now: Int64) {
    if case .waiting(let batch, _) = bulk { bulk = .waiting(batch, due: now) }
    for topic in topics.indices {
      for again in topics[topic].again.indices { topics[topic].again[again].due = now }
      for partition in topics[topic].partitions.indices {
        if case .waiting(let batch, _) = topics[topic].partitions[partition].work {
          topics[topic].partitions[partition].work = .waiting(batch, due: now)
        }
      }
    }
  }
}
