/// The brokers behind all components as a value: messages, who gets them when, and what an answer changes.
///
/// The time is passed in, in milliseconds. Components that share their brokers share their topics, each with a queue of its own, as
/// consumer groups do; how each delivers is up to its `ConsumerGroup`.
struct Broker: Sendable {
  private(set) var groups: [ConsumerGroup] = []
  /// Topics by name, one cluster of brokers after the other.
  private var clusters: [[String: TopicLog]] = []
  private var clusterNames: [String] = []
  private var partitions: [Int] = []
  private var random: RandomBits
  private var nextID: Int64 = 1
  /// Messages that moved on and are not written down yet.
  private var unrecorded = Settlement()
  /// Whether the app has named its subscriptions; until then everything is kept.
  private(set) var isSubscribed = false
  /// Whether the app does not answer; until it is back nothing is delivered.
  private(set) var isAppAway = false

  /// Components and how their failed deliveries are retried.
  init(_ components: [(component: PubSubComponent, retry: RetryPolicy?)], random: RandomBits = RandomBits()) {
    self.random = random
    for (component, retry) in components {
      let cluster: Int
      if let known = clusterNames.firstIndex(of: component.cluster) {
        cluster = known
      } else {
        cluster = clusters.count
        clusterNames.append(component.cluster)
        clusters.append([:])
        partitions.append(component.profile == .kafka ? component.partitions : 1)
      }
      var component = component
      // The component that names topics first creates them.
      if component.profile == .kafka { component.partitions = partitions[cluster] }
      groups.append(ConsumerGroup(component, number: groups.count, cluster: cluster, retry: retry))
    }
  }

  /// The component with that name; nil if there is none.
  func component(_ name: String) -> PubSubComponent? { groups.first { $0.component.name == name }?.component }

  /// The cluster that a component publishes to.
  private func cluster(of component: String) -> Int? { groups.first { $0.component.name == component }?.cluster }

  /// Messages that wait for the app or its answer, over all topics.
  var undelivered: Int { counted.reduce(0) { $0 + $1.undelivered } }

  /// Bytes of the messages that wait, over all components.
  var bytes: Int { groups.reduce(0) { $0 + $1.bytes } }

  /// The groups whose waiting messages count: until the subscriptions are known, each message waits in all groups, and counts once.
  private var counted: [ConsumerGroup] {
    isSubscribed ? groups : groups.filter { group in groups.first { $0.cluster == group.cluster }?.number == group.number }
  }

  /// The groups in which messages of a topic wait.
  private func readers(of topic: String, in cluster: Int) -> [Int] {
    groups.indices.filter { groups[$0].cluster == cluster && (!isSubscribed || groups[$0].wants(topic)) }
  }

  /// Whether messages that a component publishes to a topic have a possible receiver.
  func keeps(_ topic: String, from component: String) -> Bool {
    cluster(of: component).map { !readers(of: topic, in: $0).isEmpty } ?? false
  }

  // MARK: Publishing

  /// Gives messages their numbers, partitions and offsets, and copies them for each component that keeps them; the copies are not queued
  /// yet.
  ///
  /// - Returns: The copies; nil if there is no room for them.
  mutating func accept(_ messages: [Message], to topic: String, from component: String, wall: Int64) -> [Settlement.Copy]? {
    guard let cluster = cluster(of: component) else { return nil }
    let readers = readers(of: topic, in: cluster)
    let size = messages.reduce(0) { $0 + $1.size }
    guard readers.allSatisfy({ groups[$0].bytes + size <= groups[$0].component.capacity }) else { return nil }
    return numbered(messages, in: topic, cluster, readers, wall: wall)
  }

  private mutating func numbered(
    _ messages: [Message], in topic: String, _ cluster: Int, _ readers: [Int], wall: Int64?
  ) -> [Settlement.Copy] {
    var log = clusters[cluster][topic] ?? TopicLog(partitions: partitions[cluster])
    var copies: [Settlement.Copy] = []
    copies.reserveCapacity(messages.count * readers.count)
    for var message in messages {
      message.partition = log.partition(for: message.key)
      let offset = log.offset(in: message.partition)
      if let wall { message.position = Message.Position(topic: topic, partition: message.partition, offset: offset, time: wall) }
      for reader in readers {
        message.id = nextID
        nextID += 1
        copies.append(Settlement.Copy(component: groups[reader].component.name, topic: topic, message: message))
      }
    }
    if wall != nil { log.published += messages.count }
    clusters[cluster][topic] = log
    return copies
  }

  /// Puts accepted messages into their queues.
  mutating func enqueue(_ copies: [Settlement.Copy], now: Int64) {
    for group in groups.indices {
      let name = groups[group].component.name
      let own = groups.count == 1 ? copies : copies.filter { $0.component == name }
      guard let topic = own.first?.topic else { continue }
      groups[group].append(own.map(\.message), to: topic, now: now)
    }
  }

  // MARK: Restarting

  /// Restores messages that were written down before a restart; the ones of a component that is gone stay where they are.
  mutating func restore(_ copy: Settlement.Copy, now: Int64) {
    nextID = max(nextID, copy.message.id + 1)
    guard let group = groups.firstIndex(where: { $0.component.name == copy.component }) else { return }
    var message = copy.message
    message.partition %= partitions[groups[group].cluster]
    groups[group].append([message], to: copy.topic, now: now)
  }

  /// Continues a partition's count from before a restart.
  mutating func restore(offset: Int64, of topic: String, partition: Int, component: String) {
    guard let cluster = cluster(of: component) else { return }
    clusters[cluster][topic, default: TopicLog(partitions: partitions[cluster])].restore(offset, of: partition)
  }

  /// The next offset of each partition of a topic that a component publishes to.
  func offsets(of topic: String, from component: String) -> [Int64] {
    cluster(of: component).flatMap { clusters[$0][topic]?.offsets } ?? []
  }

  // MARK: Delivering

  /// The batches that go to the app now.
  mutating func take(now: Int64) -> [Batch] {
    guard isSubscribed, !isAppAway else { return [] }
    var moves = Moves()
    var batches: [Batch] = []
    for group in groups.indices { batches += groups[group].take(now: now, &random, &moves) }
    guard !moves.ended.isEmpty else { return batches }
    unrecorded.add(settled(moves, now: now))
    // Dead letters may be due in the topics they were moved to.
    return batches + take(now: now)
  }

  /// Messages that moved on since the last call without a delivery's outcome.
  mutating func takeUnrecorded() -> Settlement {
    defer { unrecorded = Settlement() }
    return unrecorded
  }

  /// When the next batch goes to the app; nil if only an answer or a message can change that.
  func nextDue(now: Int64) -> Int64? {
    guard isSubscribed, !isAppAway else { return nil }
    return groups.compactMap { $0.nextDue(now: now) }.min()
  }

  /// Applies the outcome of a delivery.
  ///
  /// - Returns: What has to be written down.
  mutating func settle(_ batch: Batch, _ outcome: DeliveryOutcome, now: Int64) -> Settlement {
    guard groups.indices.contains(batch.group) else { return Settlement() }
    if outcome == .unreachable { isAppAway = true }
    var moves = Moves()
    groups[batch.group].settle(batch, outcome, now: now, &moves)
    return settled(moves, now: now)
  }

  /// Publishes dead letters to their topics.
  private mutating func settled(_ moves: Moves, now: Int64) -> Settlement {
    var settlement = Settlement(ended: moves.ended)
    for dead in moves.dead {
      let cluster = groups[dead.group].cluster
      let letters = numbered(dead.messages, in: dead.topic, cluster, readers(of: dead.topic, in: cluster), wall: nil)
      enqueue(letters, now: now)
      settlement.moved += letters
    }
    return settlement
  }

  // MARK: The app

  /// Applies the app's list of subscriptions; messages without a subscriber end.
  ///
  /// - Returns: The messages that ended, by topic.
  mutating func subscribe(_ subscriptions: [Subscription], now: Int64) -> [(topic: String, messages: [Message])] {
    isSubscribed = true
    isAppAway = false
    return groups.indices.flatMap { groups[$0].subscribe(subscriptions, now: now) }
  }

  var subscriptions: [Subscription] { groups.flatMap(\.subscriptions) }

  var statistics: [String: TopicStatistics] {
    var all: [String: TopicStatistics] = [:]
    for cluster in clusters {
      for (topic, log) in cluster { all[topic, default: TopicStatistics()].published += log.published }
    }
    for group in counted {
      for topic in group.topics { all[topic.name, default: TopicStatistics()].add(topic.statistics) }
    }
    return all
  }
}
