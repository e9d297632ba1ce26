internal import HTTPServer
internal import Synchronization

/// A broker and the sidecars that deliver from it: partitions, batches, and deliveries that repeat until they are acknowledged.
///
/// Like Kafka, it has one bulk delivery in flight per sidecar and component, over all topics and partitions, and a redelivery blocks the
/// whole component; single messages are delivered independently, one at a time per partition. Like Redis, it delivers waiting messages in
/// any order, up to a limit of outstanding ones. Retries are unlimited, with a backoff that doubles up to 15 s. Only failed entries are
/// redelivered.
final class SimulatedBroker: Sendable {
  let world: WorldParts
  let state: Mutex<BrokerState>

  init(_ world: WorldParts, _ subscriptions: [Subscription]) {
    self.world = world
    let partitions = world.plan.ordering == .partitions ? world.plan.partitions : 1
    let queues = subscriptions.flatMap { subscription in
      (0..<partitions).map { BrokerState.Queue(subscription: subscription, partition: $0) }
    }
    state = Mutex(BrokerState(queues: queues))
  }

  /// Whether events of a topic are delivered to replicas.
  func delivers(_ topic: String) -> Bool { state.withLock { $0.queues.contains { $0.subscription.topic == topic } } }

  /// What is not delivered or not acknowledged, one line each.
  var undelivered: [String] {
    state.withLock { state in
      state.queues.flatMap(\.waiting).map { "event \($0.serial) waits" }
        + state.flights.keys.sorted().map { "delivery \($0) is not acknowledged" }
        + state.copies.filter { !$0.value.isWorkedOff }.keys.sorted().map { "no copy of a deferred event was processed: \($0)" }
    }
  }

  /// Accepts an event.
  func publish(_ topic: String, _ text: String, _ form: PlannedEvent.Form, _ content: EventContent, foreign: [UInt8]? = nil) {
    let now = world.timeline.now
    let published = state.withLock { state -> (queue: Int, message: Message)? in
      guard let queue = state.queue(of: topic, key: content.student) else { return nil }
      state.serial += 1
      let message = Message(
        serial: state.serial, topic: topic, partition: state.queues[queue].partition, offset: state.nextOffset(of: queue), text: text,
        form: form, content: content, publishedAt: now, isNumbered: world.plan.ordering == .partitions, foreign: foreign)
      state.queues[queue].waiting.append(message)
      return (queue, message)
    }
    guard let (queue, message) = published else { return }
    if !message.isOwnWork { world.chronicle.note { $0.messages.append(message) } }
    world.trace.note("event \(message.serial) of \(content.owner) is published to \(topic): \(text)")
    gather(queue)
  }

  /// Which of several equal messages a replica defers: one that is in flight and was not deferred since its delivery began.
  func held(among messages: [Message]) -> Message? {
    state.withLock { state in
      messages.last { message in
        state.flights.values.contains { flight in
          flight.replica != nil && state.deferred[message.serial, default: .min] < flight.began
            && flight.messages.contains { $0.serial == message.serial }
        }
      }
    }
  }

  /// Accepts an event that a replica defers: the same event in another message.
  func putAside(_ event: Message, as text: String, _ copy: Message.Copy, judgedAt said: Int64, key: String) {
    let now = world.timeline.now
    let clock = Handling.current?.clock ?? now
    Handling.current?.putAside(event.serial)
    let queue = state.withLock { state -> Int? in
      state.deferred[event.serial] = now
      let judgedAt = state.note(copy, judgedAt: said, by: clock)
      guard let queue = state.queue(of: WorldTopics.waitingRoom, key: key) else { return nil }
      var message = event
      message.parcel = Message.Parcel(
        partition: state.queues[queue].partition, offset: state.nextOffset(of: queue), publishedAt: now, text: text,
        copy: copy, judgedAt: judgedAt)
      state.queues[queue].waiting.append(message)
      return queue
    }
    world.trace.note("event \(event.serial) of \(event.content.owner) is deferred")
    if let queue { gather(queue) }
  }

  /// Moves an undeliverable message unchanged to the dead letter topic.
  private func bury(_ message: Message, in topic: String) {
    let queue = state.withLock { state -> Int? in
      let queue = state.queue(of: topic, key: message.content.student)
      if let queue { state.queues[queue].waiting.append(message) }
      return queue
    }
    world.trace.note("event \(message.serial) cannot be delivered and goes to \(topic)")
    if let queue { gather(queue) }
  }

  /// Stops all deliveries.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.flights = [:]
      state.lines = [:]
      for queue in state.queues.indices { state.queues[queue].waiting = [] }
    }
  }

  // MARK: Batches

  /// The next step of a queue.
  private enum Step {
    case nothing
    case form
    case tick(Int)
  }

  /// Sends a batch once enough messages wait or the ticker fires.
  func gather(_ number: Int) {
    let loose = world.plan.ordering == .loose
    let step = state.withLock { state -> Step in
      let queue = state.queues[number]
      guard !state.isClosed, !queue.waiting.isEmpty, !queue.isTicking else { return .nothing }
      guard loose ? state.outstanding(of: queue.subscription.component) < world.plan.concurrency : queue.flights == 0 else {
        return .nothing
      }
      if let batch = queue.subscription.batch, queue.waiting.count >= batch.most { return .form }
      state.queues[number].isTicking = true
      guard let batch = queue.subscription.batch else { return .tick(0) }
      // The ticker runs from the subscription's start, regardless of what was sent.
      return .tick(batch.wait - world.moment % batch.wait)
    }
    switch step {
    case .nothing: return
    case .form: form(number)
    case .tick(let wait):
      world.timeline.after(wait + world.random.draw(0..<5)) { [self] in
        state.withLock { $0.queues[number].isTicking = false }
        form(number)
      }
    }
  }

  /// Forms a batch of waiting messages and sends it.
  private func form(_ number: Int) {
    let loose = world.plan.ordering == .loose
    var broken: [Message] = []
    let subscription = state.withLock { $0.queues[number].subscription }
    let serial = state.withLock { state -> Int? in
      guard !state.isClosed, loose || state.queues[number].flights == 0 else { return nil }
      let room = loose ? world.plan.concurrency - state.outstanding(of: subscription.component) : .max
      var batch: [Message] = []
      while batch.count < min(subscription.batch?.most ?? 1, room), !state.queues[number].waiting.isEmpty {
        let index = loose ? world.random.draw(0..<state.queues[number].waiting.count) : 0
        let message = state.queues[number].waiting.remove(at: index)
        if message.foreign != nil, !subscription.isRaw { broken.append(message) } else { batch.append(message) }
      }
      guard !batch.isEmpty else { return nil }
      state.queues[number].flights += 1
      state.serial += 1
      state.flights[state.serial] = BrokerState.Flight(serial: state.serial, queue: number, messages: batch)
      return state.serial
    }
    for message in broken { bury(message, in: subscription.deadLetterTopic ?? "nowhere") }
    if let serial { fly(serial) }
    gather(number)
  }

  /// Lets waiting deliveries proceed after another one has ended.
  func goOn(_ number: Int) {
    guard world.plan.ordering == .loose else { return gather(number) }
    let count = state.withLock { $0.queues.count }
    for queue in 0..<count { gather(queue) }
  }
}
