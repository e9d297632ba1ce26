/// What the app's list of subscriptions changes.
extension ConsumerGroup {
  var subscriptions: [Subscription] { topics.compactMap(\.subscription) }

  /// Applies the app's list; messages without a subscriber end.
  ///
  /// - Returns: The messages that ended, by topic.
  mutating func subscribe(_ subscriptions: [Subscription], now: Int64) -> [(topic: String, messages: [Message])] {
    var wanted: [Int: Subscription] = [:]
    for subscription in subscriptions where subscription.pubsub == component.name { wanted[place(of: subscription.topic)] = subscription }
    var ended: [(topic: String, messages: [Message])] = []
    for place in topics.indices {
      if topics[place].subscription != wanted[place] { change(place, to: wanted[place], now: now) }
      guard wanted[place] == nil else { continue }
      let messages = drain(place)
      if !messages.isEmpty { ended.append((topics[place].name, messages)) }
    }
    release(now: now)
    return ended
  }

  private mutating func change(_ place: Int, to subscription: Subscription?, now: Int64) {
    line.leave(place)
    if bulkPlace?.topic == place { bulkPlace = nil }
    if case .waiting(let batch, _) = bulk, batch.subscription.topic == topics[place].name {
      topics[place].partitions[batch.partition].queue.putBack(batch.entries.map(\.message))
      bulk = .idle
    }
    for partition in topics[place].partitions.indices {
      topics[place].partitions[partition].gathered = 0
      topics[place].partitions[partition].isInLine = false
      guard case .waiting(let batch, _) = topics[place].partitions[partition].work else { continue }
      topics[place].partitions[partition].queue.putBack(batch.entries.map(\.message))
      topics[place].partitions[partition].work = .idle
      free(batch.entries.count, place)
    }
    let fetched = topics[place].fetched + topics[place].again.flatMap { $0.batch.entries.map(\.message) }
    topics[place].partitions[0].queue.putBack(fetched)
    free(fetched.count, place)
    topics[place].fetched = []
    topics[place].again = []
    topics[place].subscription = subscription
    topics[place].began = now
    for partition in topics[place].partitions.indices {
      topics[place].partitions[partition].ticksTaken = 0
      if subscription?.bulk != nil, component.profile == .kafka { wake(Place(topic: place, partition: partition), now: now) }
    }
  }

  private mutating func drain(_ place: Int) -> [Message] {
    var ended: [Message] = []
    for partition in topics[place].partitions.indices {
      while let message = topics[place].partitions[partition].queue.popFirst() { ended.append(message) }
    }
    for message in ended { end(message, place) }
    return ended
  }

  /// Nothing waits for a later try when the app has just come back.
  private mutating func release(now: Int64) {
    if case .waiting(let batch, _) = bulk { bulk = .waiting(batch, due: now) }
    for place in topics.indices {
      for again in topics[place].again.indices { topics[place].again[again].due = now }
      for partition in topics[place].partitions.indices {
        if case .waiting(let batch, _) = topics[place].partitions[partition].work {
          topics[place].partitions[partition].work = .waiting(batch, due: now)
        }
      }
    }
  }
}
