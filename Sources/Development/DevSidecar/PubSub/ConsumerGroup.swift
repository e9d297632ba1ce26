/// A component's own queue of each topic: who gets what when, and what an answer changes.
///
/// The time is passed in, in milliseconds on the steady clock.
struct ConsumerGroup: Sendable {
  /// A partition of a topic, both as indices.
  struct PartitionID: Hashable, Sendable {
    var topic: Int
    var partition: Int
  }

  /// A partition that waits in line for exclusive use of the component, and what for.
  struct Turn: Hashable, Sendable {
    var partition: PartitionID
    /// Because the ticker fired; otherwise to gather waiting messages.
    var delivers: Bool
  }

  let component: PubSubComponent
  /// The index of this group among all groups.
  let number: Int
  /// The index of the brokers that it reads from.
  let cluster: Int
  let retry: RetryPolicy?
  var topics: [Topic] = []
  /// The index of each topic by its name.
  private(set) var topicIndices: [String: Int] = [:]
  var bytes = 0
  /// Messages that wait for the app or its answer, over all topics.
  var undelivered = 0
  /// The state of Kafka's one bulk delivery.
  var bulk = Topic.Work.idle
  /// The partition that it came from, until that has chosen what to do next.
  var bulkPartition: PartitionID?
  /// Partitions that want it, first come, first served.
  var line = Line()
  /// Messages that are with the app or wait for a batch or a retry, without partitions.
  var outstanding = 0
  /// The topic that is checked first for the next message, without partitions.
  var turn = 0

  init(_ component: PubSubComponent, number: Int, cluster: Int, retry: RetryPolicy?) {
    self.component = component
    self.number = number
    self.cluster = cluster
    self.retry = retry
  }

  /// The index of a topic, which is created if the group does not have it yet.
  mutating func index(of topic: String) -> Int {
    if let index = topicIndices[topic] { return index }
    topics.append(Topic(name: topic, partitions: component.profile == .kafka ? component.partitions : 1))
    topicIndices[topic] = topics.count - 1
    return topics.count - 1
  }

  /// Whether the app wants a topic from this component.
  func wants(_ topic: String) -> Bool {
    topicIndices[topic].map { topics[$0].subscription != nil } ?? false
  }

  mutating func append(_ messages: [Message], to topic: String, now: Int64) {
    let index = index(of: topic)
    for message in messages {
      bytes += message.size
      let partition = component.profile == .kafka ? message.partition % component.partitions : 0
      topics[index].partitions[partition].queue.append(message)
      if component.profile == .kafka { wake(PartitionID(topic: index, partition: partition), now: now) }
    }
    topics[index].statistics.undelivered += messages.count
    undelivered += messages.count
  }

  mutating func end(_ message: Message, _ topic: Int) {
    bytes -= message.size
    undelivered -= 1
    topics[topic].statistics.undelivered -= 1
  }

  // MARK: Deliveries

  /// The batches that go to the app now, and the messages that move on undelivered.
  mutating func take(now: Int64, _ random: inout RandomBits, _ moves: inout Moves) -> [Batch] {
    let batches =
      component.profile == .kafka ? takePartitions(now: now, &random, &moves) : takeOutstanding(now: now, &random, &moves)
    for batch in batches {
      guard let topic = topicIndices[batch.subscription.topic] else { continue }
      topics[topic].statistics.delivered += batch.entries.count
    }
    return batches
  }

  /// When the next batch goes to the app; nil if only an answer or a message can change that.
  func nextDue(now: Int64) -> Int64? {
    component.profile == .kafka ? nextPartitionDue(now: now) : nextOutstandingDue(now: now)
  }

  /// Applies the outcome of a delivery.
  mutating func settle(_ batch: Batch, _ outcome: DeliveryOutcome, now: Int64, _ moves: inout Moves) {
    guard let topic = topicIndices[batch.subscription.topic] else { return }
    let fates: [Fate]
    switch outcome {
    // Not the message's fault, and not a try: it waits until the app is back.
    case .unreachable: return setWork(.waiting(batch, due: now), of: batch, topic)
    case .unreadable: return setWork(workOffered(batch, topic, now: now, &moves), of: batch, topic)
    case .answered(let answered): fates = answered
    }
    if batch.subscription.deadLetterTopic == nil, fates.allSatisfy({ $0 == .broken }) {
      return setWork(workOffered(batch, topic, now: now, &moves), of: batch, topic)
    }
    var dead: [Batch.Entry] = []
    var again: [Batch.Entry] = []
    for (entry, fate) in zip(batch.entries, fates) {
      switch fate {
      case .taken:
        moves.ended.append(entry.message.id)
        topics[topic].statistics.acknowledged += 1
        end(entry.message, topic)
      case .dropped, .broken: dead.append(entry)
      case .again: again.append(entry)
      }
    }
    free(batch.entries.count - again.count, topic)
    bury(dead, topic, batch.subscription.deadLetterTopic, &moves)
    setWork(workAfter(batch, again, topic, now: now, &moves), of: batch, topic)
  }

  /// What happens to failed messages: the policy's retry, the dead letters, or the broker's own default.
  private mutating func workAfter(
    _ batch: Batch, _ again: [Batch.Entry], _ topic: Int, now: Int64, _ moves: inout Moves
  ) -> Topic.Work {
    guard !again.isEmpty else { return .idle }
    var rest = batch
    rest.entries = again
    if let pause = retry?.pause(before: batch.tries + 1) {
      rest.tries += 1
      return .waiting(rest, due: now + pause)
    }
    if batch.subscription.deadLetterTopic == nil, component.profile == .kafka { return workOffered(rest, topic, now: now, &moves) }
    free(again.count, topic)
    bury(again, topic, batch.subscription.deadLetterTopic, &moves)
    return .idle
  }

  /// What Kafka's client does with a batch that nothing else has settled: it offers it again from the start, or gives it up.
  mutating func workOffered(_ batch: Batch, _ topic: Int, now: Int64, _ moves: inout Moves) -> Topic.Work {
    guard let pause = component.offers?.pause(before: batch.offers + 1) else {
      bury(batch.entries, topic, nil, &moves)
      return .idle
    }
    var again = batch
    again.tries = 0
    again.offers += 1
    for index in again.entries.indices { again.entries[index].read = nil }
    return .waiting(again, due: now + pause)
  }

  private mutating func setWork(_ work: Topic.Work, of batch: Batch, _ topic: Int) {
    switch (component.profile, batch.isBulk) {
    case (.kafka, true): bulk = work
    case (_, true): topics[topic].partitions[0].work = work
    case (.kafka, false): topics[topic].partitions[batch.partition].work = work
    case (_, false):
      if case .waiting(let batch, let due) = work { topics[topic].again.append((batch, due)) }
    }
  }

  /// Moves messages to the dead letter topic, or loses them if there is none.
  mutating func bury(_ dead: [Batch.Entry], _ topic: Int, _ deadLetterTopic: String?, _ moves: inout Moves) {
    guard !dead.isEmpty else { return }
    for entry in dead {
      moves.ended.append(entry.message.id)
      end(entry.message, topic)
    }
    guard let deadLetterTopic else {
      topics[topic].statistics.lost += dead.count
      return
    }
    topics[topic].statistics.deadLettered += dead.count
    moves.dead.append(Moves.Dead(group: number, topic: deadLetterTopic, messages: dead.map(\.letter)))
  }
}
