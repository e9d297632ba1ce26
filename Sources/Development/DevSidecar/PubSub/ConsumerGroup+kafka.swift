/// Deliveries as Kafka's consumer makes them.
///
/// Single subscriptions have one delivery per partition. All bulk subscriptions of a component share one lock: under it a partition gathers
/// the messages that have come, and delivers when it has gathered enough or its ticker has fired. So one batch is with the app at a time,
/// retries included, and nothing is gathered meanwhile.
extension ConsumerGroup {
  /// How many messages a partition gathers before the next in line has its turn.
  ///
  /// Chosen so that 40,000 waiting events are processed as fast as was measured, in small batches and in large ones.
  private static let gatheredAtATime = 3

  /// A message has come, or work has ended: the partition joins the line if it has to.
  mutating func wake(_ id: PartitionID, now: Int64) {
    guard let bulk = topics[id.topic].subscription?.bulk, !isInLine(id) else { return }
    let partition = topics[id.topic].partitions[id.partition]
    let ticks = topics[id.topic].ticks(at: now)
    guard partition.queue.count > partition.gathered || partition.gathered > 0 && ticks > partition.ticksTaken else { return }
    if partition.gathered == 0 {
      // While there was nothing to do, each tick was taken as it came.
      topics[id.topic].partitions[id.partition].ticksTaken = ticks
    }
    let isDue = partition.gathered > 0 && (ticks > partition.ticksTaken || partition.gathered >= bulk.most)
    join(id, delivers: isDue)
  }

  private func isInLine(_ id: PartitionID) -> Bool { topics[id.topic].partitions[id.partition].isInLine }

  private mutating func join(_ id: PartitionID, delivers: Bool) {
    topics[id.topic].partitions[id.partition].isInLine = true
    line.append(Turn(partition: id, delivers: delivers))
  }

  mutating func takePartitions(now: Int64, _ random: inout RandomBits, _ moves: inout Moves) -> [Batch] {
    var batches: [Batch] = []
    if let batch = takeBulk(now: now, &random, &moves) { batches.append(batch) }
    for topic in topics.indices {
      guard let subscription = topics[topic].subscription, subscription.bulk == nil else { continue }
      for partition in topics[topic].partitions.indices {
        let id = PartitionID(topic: topic, partition: partition)
        if let batch = takeSingle(id, subscription, now: now, &random, &moves) { batches.append(batch) }
      }
    }
    return batches
  }

  // MARK: Bulk

  private mutating func takeBulk(now: Int64, _ random: inout RandomBits, _ moves: inout Moves) -> Batch? {
    switch bulk {
    case .busy: return nil
    case .waiting(let batch, let due):
      guard due <= now else { return nil }
      bulk = .idle
      if let ready = sendable(batch, now: now, &moves) { return ready }
    case .idle: break
    }
    while case .idle = bulk {
      chooseTurn(now: now, &random)
      joinTicking(now: now)
      guard let turn = line.popFirst() else { return nil }
      if let batch = work(off: turn, now: now, &random, &moves) { return batch }
    }
    return nil
  }

  /// Those whose ticker has fired since they gathered something.
  private mutating func joinTicking(now: Int64) {
    for topic in topics.indices where topics[topic].subscription?.bulk != nil {
      let ticks = topics[topic].ticks(at: now)
      for partition in topics[topic].partitions.indices {
        let found = topics[topic].partitions[partition]
        guard found.gathered > 0, !found.isInLine, ticks > found.ticksTaken else { continue }
        join(PartitionID(topic: topic, partition: partition), delivers: true)
      }
    }
  }

  /// One partition's turn under the lock.
  ///
  /// - Returns: The batch that goes to the app; nil if the turn ends without one.
  private mutating func work(off turn: Turn, now: Int64, _ random: inout RandomBits, _ moves: inout Moves) -> Batch? {
    let id = turn.partition
    // It stays in line in name until it has chosen again, so that nothing that comes meanwhile puts it there twice.
    bulkPartition = id
    guard let subscription = topics[id.topic].subscription, let bulk = subscription.bulk else { return nil }
    if turn.delivers {
      topics[id.topic].partitions[id.partition].ticksTaken = topics[id.topic].ticks(at: now)
    } else {
      topics[id.topic].partitions[id.partition].gather(Self.gatheredAtATime, most: bulk.most)
    }
    let gathered = topics[id.topic].partitions[id.partition].gathered
    guard gathered > 0, turn.delivers || gathered >= bulk.most else { return nil }
    return gatheredBatch(id, subscription, now: now, &random, &moves)
  }

  /// The partition that had the last turn joins the line again: if there is both something to gather and a tick to take, chance decides.
  private mutating func chooseTurn(now: Int64, _ random: inout RandomBits) {
    guard let id = bulkPartition else { return }
    bulkPartition = nil
    let ticks = topics[id.topic].ticks(at: now)
    let partition = topics[id.topic].partitions[id.partition]
    topics[id.topic].partitions[id.partition].isInLine = false
    let ticked = ticks > partition.ticksTaken
    if partition.queue.count > partition.gathered {
      join(id, delivers: ticked && random.next() >> 63 == 0)
    } else if ticked, partition.gathered > 0 {
      join(id, delivers: true)
    }
  }

  private mutating func gatheredBatch(
    _ id: PartitionID, _ subscription: Subscription, now: Int64, _ random: inout RandomBits, _ moves: inout Moves
  ) -> Batch? {
    var batch = Batch(id: random.uuid(), group: number, subscription: subscription, partition: id.partition, entries: [])
    let count = topics[id.topic].partitions[id.partition].gathered
    topics[id.topic].partitions[id.partition].gathered = 0
    batch.entries.reserveCapacity(count)
    while batch.entries.count < count, let message = topics[id.topic].partitions[id.partition].queue.popFirst() {
      batch.entries.append(Batch.Entry(number: batch.entries.count, message: message))
    }
    return sendable(batch, now: now, &moves)
  }

  /// A batch without its undeliverable messages; nil if nothing is left or it is to be offered again later.
  private mutating func sendable(_ batch: Batch, now: Int64, _ moves: inout Moves) -> Batch? {
    guard let topic = topicIndices[batch.subscription.topic] else { return nil }
    guard !batch.subscription.takesAll, batch.entries.contains(where: { $0.message.isBroken }) else {
      bulk = .busy
      return batch
    }
    var good = batch
    good.entries = batch.entries.filter { !$0.message.isBroken }
    if good.entries.isEmpty, batch.subscription.deadLetterTopic == nil {
      bulk = workOffered(batch, topic, now: now, &moves)
      return nil
    }
    bury(batch.entries.filter(\.message.isBroken), topic, batch.subscription.deadLetterTopic, &moves)
    guard !good.entries.isEmpty else { return nil }
    bulk = .busy
    return good
  }

  // MARK: Single

  private mutating func takeSingle(
    _ id: PartitionID, _ subscription: Subscription, now: Int64, _ random: inout RandomBits, _ moves: inout Moves
  ) -> Batch? {
    while true {
      var batch: Batch
      switch topics[id.topic].partitions[id.partition].work {
      case .busy: return nil
      case .waiting(let waiting, let due):
        guard due <= now else { return nil }
        batch = waiting
      case .idle:
        guard let message = topics[id.topic].partitions[id.partition].queue.popFirst() else { return nil }
        let entry = Batch.Entry(number: 0, message: message)
        batch = Batch(id: random.uuid(), group: number, subscription: subscription, partition: id.partition, entries: [entry])
      }
      batch.subscription = subscription
      guard !subscription.takesAll, batch.entries.contains(where: { $0.message.isBroken }) else {
        topics[id.topic].partitions[id.partition].work = .busy
        return batch
      }
      guard subscription.deadLetterTopic != nil else {
        topics[id.topic].partitions[id.partition].work = workOffered(batch, id.topic, now: now, &moves)
        continue
      }
      topics[id.topic].partitions[id.partition].work = .idle
      bury(batch.entries, id.topic, subscription.deadLetterTopic, &moves)
    }
  }

  // MARK: Time

  func nextPartitionDue(now: Int64) -> Int64? {
    var next: Int64?
    func consider(_ due: Int64?) {
      if let due { next = min(next ?? due, due) }
    }
    if case .waiting(_, let due) = bulk { consider(due) }
    for topic in topics.indices {
      guard let subscription = topics[topic].subscription else { continue }
      for partition in topics[topic].partitions {
        if subscription.bulk != nil {
          if case .idle = bulk, partition.gathered > 0 { consider(topics[topic].nextTick(after: now)) }
        } else if case .waiting(_, let due) = partition.work {
          consider(due)
        } else if case .idle = partition.work, !partition.queue.isEmpty {
          consider(now)
        }
      }
    }
    if case .idle = bulk, !line.isEmpty { consider(now) }
    return next
  }
}
