extension Broker {
  /// The batches that go to the app now, at most one of each partition.
  mutating func take(now: Int64) -> [Batch] {
    guard isSubscribed, !isAppAway else { return [] }
    var batches: [Batch] = []
    for place in topics.indices {
      guard let subscription = topics[place].subscription else { continue }
      for partition in topics[place].partitions.indices {
        guard let due = due(place, partition, subscription), due <= now else { continue }
        let batch = take(place, partition, subscription)
        topics[place].partitions[partition].work = .busy
        topics[place].statistics.delivered += batch.entries.count
        batches.append(batch)
      }
    }
    return batches
  }

  /// When the next batch goes to the app; nil when only an answer or a message can change that.
  var nextDue: Int64? {
    guard isSubscribed, !isAppAway else { return nil }
    var next: Int64?
    for place in topics.indices {
      guard let subscription = topics[place].subscription else { continue }
      for partition in topics[place].partitions.indices {
        if let due = due(place, partition, subscription) { next = min(next ?? due, due) }
      }
    }
    return next
  }

  private func due(_ place: Int, _ partition: Int, _ subscription: Subscription) -> Int64? {
    switch topics[place].partitions[partition].work {
    case .busy: return nil
    case .waiting(_, let due): return due
    case .idle:
      guard let first = topics[place].partitions[partition].queue.first else { return nil }
      guard let bulk = subscription.bulk else { return first.arrived }
      return topics[place].partitions[partition].queue.count >= bulk.most ? first.arrived : first.arrived + bulk.patience
    }
  }

  private mutating func take(_ place: Int, _ partition: Int, _ subscription: Subscription) -> Batch {
    if case .waiting(var batch, _) = topics[place].partitions[partition].work {
      batch.subscription = subscription
      return batch
    }
    var batch = Batch(id: random.uuid(), subscription: subscription, partition: partition, entries: [])
    let most = subscription.bulk?.most ?? 1
    var size = 0
    while batch.entries.count < most, let next = topics[place].partitions[partition].queue.first {
      size += next.size
      if size > Self.batchLimit, !batch.entries.isEmpty { break }
      guard let message = topics[place].partitions[partition].queue.popFirst() else { break }
      batch.entries.append(Batch.Entry(number: batch.entries.count, message: message))
    }
    return batch
  }

  /// Takes the outcome of a delivery in.
  ///
  /// - Returns: What has to be written down.
  mutating func settle(_ batch: Batch, _ outcome: DeliveryOutcome, now: Int64) -> Settlement {
    guard let place = places[batch.subscription.topic] else { return Settlement() }
    guard case .answered(let fates) = outcome else {
      // Not the message's fault and no try: it waits until the app is back.
      isAppAway = true
      topics[place].partitions[batch.partition].work = .waiting(batch, due: now)
      return Settlement()
    }
    var settlement = Settlement()
    var dead: [Message] = []
    var again: [Batch.Entry] = []
    for (entry, fate) in zip(batch.entries, fates) {
      switch fate {
      case .taken:
        settlement.ended.append(entry.message.id)
        topics[place].statistics.acknowledged += 1
        end(entry.message, place)
      case .dropped: dead.append(entry.message)
      case .again: again.append(entry)
      }
    }
    var work = Topic.Work.idle
    if !again.isEmpty {
      if let pause = retry?.pause(before: batch.tries + 1) {
        var rest = batch
        rest.entries = again
        rest.tries += 1
        work = .waiting(rest, due: now + pause)
      } else {
        dead += again.map(\.message)
      }
    }
    topics[place].partitions[batch.partition].work = work
    bury(dead, from: place, batch.subscription.deadLetterTopic, now, into: &settlement)
    return settlement
  }

  private mutating func end(_ message: Message, _ place: Int) {
    bytes -= message.size
    undelivered -= 1
    topics[place].statistics.undelivered -= 1
  }

  /// Moves messages to the dead letter topic, or loses them where there is none.
  private mutating func bury(
    _ dead: [Message], from place: Int, _ deadLetterTopic: String?, _ now: Int64, into settlement: inout Settlement
  ) {
    guard !dead.isEmpty else { return }
    for message in dead {
      settlement.ended.append(message.id)
      end(message, place)
    }
    guard let deadLetterTopic else {
      topics[place].statistics.lost += dead.count
      return
    }
    topics[place].statistics.deadLettered += dead.count
    guard keeps(deadLetterTopic) else { return }
    let target = self.place(of: deadLetterTopic)
    settlement.moved = numbered(dead, in: target, wall: nil)
    settlement.movedTo = deadLetterTopic
    append(settlement.moved, to: target, now: now)
  }
}
