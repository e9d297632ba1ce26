internal import HTTPServer
internal import Synchronization

/// A broker with its sidecar's end: partitions, batches, deliveries again and again until they are acknowledged.
///
/// The inbound policy is the shipped one: pauses that double up to 15 s, without a limit to the tries. Only what failed comes again.
final class SimulatedBroker: Sendable {
  /// A batch under way to a replica.
  struct Flight: Sendable {
    let serial: Int
    let queue: Int
    var messages: [Message]
    var tries = 0
    /// Counts deliveries, so that a late answer is known for one.
    var attempt = 0
  }

  private struct Queue {
    let topic: String
    let partition: Int
    var waiting: [Message] = []
    var flights = 0
    var isGathering = false
  }

  private struct State {
    var queues: [Queue] = []
    var flights: [Int: Flight] = [:]
    var serial = 0
    var attempts = 0
    var offsets: [Int: Int] = [:]
    var isClosed = false
  }

  /// Batches of a queue under way at once where no order is kept.
  private static let looseFlights = 3
  /// Milliseconds after which a delivery that is not answered is made again.
  private static let patience = 20_000

  private let world: WorldParts
  private let topics: [String]
  private let state: Mutex<State>

  init(_ world: WorldParts, topics: [String]) {
    self.world = world
    self.topics = topics
    let queues = topics.flatMap { topic in (0..<world.plan.partitions).map { Queue(topic: topic, partition: $0) } }
    state = Mutex(State(queues: queues))
  }

  /// Whether events of a topic are delivered to replicas.
  func delivers(_ topic: String) -> Bool { topics.contains(topic) }

  /// What is still to be delivered.
  var undelivered: [String] {
    state.withLock { state in
      state.queues.flatMap(\.waiting).map { "event \($0.serial) waits" }
        + state.flights.keys.sorted().map { "delivery \($0) is not acknowledged" }
    }
  }

  /// Takes an event.
  func publish(_ topic: String, _ text: String, _ form: PlannedEvent.Form, _ content: EventContent) {
    guard let first = topics.firstIndex(of: topic) else { return }
    let partition = Self.partition(of: content.student, world.plan.partitions)
    let queue = first * world.plan.partitions + partition
    let now = world.timeline.now
    let message = state.withLock { state -> Message in
      let offset = state.offsets[queue, default: 0]
      state.offsets[queue] = offset + 1
      state.serial += 1
      let message = Message(
        serial: state.serial, topic: topic, partition: partition, offset: offset, text: text, form: form, content: content,
        publishedAt: now, isNumbered: world.plan.ordering == .partitions)
      state.queues[queue].waiting.append(message)
      return message
    }
    if !message.isOwnWork { world.chronicle.note { $0.messages.append(message) } }
    world.trace.note("event \(message.serial) of \(content.owner) is published to \(topic): \(text)")
    pump(queue)
  }

  private static func partition(of key: String, _ count: Int) -> Int {
    Int(key.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) } % UInt32(count))
  }

  /// Nothing is delivered any more.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.flights = [:]
      for queue in state.queues.indices { state.queues[queue].waiting = [] }
    }
  }

  // MARK: Batches

  /// Sends a batch on its way as soon as the order allows one and events have gathered.
  private func pump(_ queue: Int) {
    let mayGather = state.withLock { state in
      guard !state.isClosed, !state.queues[queue].isGathering, !state.queues[queue].waiting.isEmpty else { return false }
      guard state.queues[queue].flights < (world.plan.ordering == .partitions ? 1 : Self.looseFlights) else { return false }
      state.queues[queue].isGathering = true
      return true
    }
    guard mayGather else { return }
    world.timeline.after(world.random.draw(0..<60)) { [self] in
      if let flight = takeBatch(queue) { fly(flight) }
      pump(queue)
    }
  }

  private func takeBatch(_ queue: Int) -> Int? {
    let most = world.random.draw(1..<world.plan.batch + 1)
    return state.withLock { state in
      state.queues[queue].isGathering = false
      let batch = Array(state.queues[queue].waiting.prefix(world.plan.batch == 1 ? 1 : most))
      guard !batch.isEmpty else { return nil }
      state.queues[queue].waiting.removeFirst(batch.count)
      state.queues[queue].flights += 1
      state.serial += 1
      state.flights[state.serial] = Flight(serial: state.serial, queue: queue, messages: batch)
      return state.serial
    }
  }

  // MARK: Deliveries

  /// Makes a delivery, or one more try of it.
  private func fly(_ serial: Int) {
    let incident = world.incidents.next(.delivery)
    if incident?.fault == .deliveryDelayed, let length = incident?.length {
      world.trace.note("delivery \(serial) is held back for \(length) ms")
      return world.timeline.after(length) { [self] in depart(serial, patience: Self.patience) }
    }
    let isGivenUp = incident?.fault == .deliveryGivenUp
    depart(serial, patience: isGivenUp ? min(incident?.length ?? 0, 200) : Self.patience)
    if incident?.fault == .deliveredTwice, let flight = state.withLock({ $0.flights[serial] }) { deliver(flight, isEcho: true) }
  }

  private func depart(_ serial: Int, patience: Int) {
    let flight = state.withLock { state -> Flight? in
      state.attempts += 1
      state.flights[serial]?.attempt = state.attempts
      return state.flights[serial]
    }
    guard let flight else { return }
    guard deliver(flight, isEcho: false) else { return world.timeline.after(300) { [self] in depart(serial, patience: patience) } }
    world.timeline.after(patience) { [self] in
      guard isCurrent(flight) else { return }
      world.trace.note("delivery \(serial) is not waited for any longer")
      fly(serial)
    }
  }

  /// Hands a batch to a replica; false when there is none.
  @discardableResult
  private func deliver(_ flight: Flight, isEcho: Bool) -> Bool {
    guard let replica = world.replicas.pick(for: flight, world.plan.ordering) else { return false }
    let began = world.timeline.now
    let isBulk = world.plan.batch > 1
    let request =
      isBulk ? Callback.bulk(flight.messages, attempt: flight.attempt) : Callback.single(flight.messages[0], attempt: flight.attempt)
    let events = flight.messages.map { String($0.serial) }.joined(separator: ", ")
    world.trace.note("delivery \(flight.serial)\(isEcho ? " goes once more" : "") to replica \(replica.number): events \(events)")
    world.executor.begin { [self] in
      let answer = await replica.answer(request) { clock in judge(flight.messages, replica.number, clock) }
      answered(flight, answer, began: began, isBulk: isBulk, isEcho: isEcho)
    }
    return true
  }

  /// Takes down what a replica must make of events, by its clock at the moment at which it begins with them.
  private func judge(_ messages: [Message], _ replica: Int, _ clock: Int64) {
    world.chronicle.note { [now = world.timeline.now] content in
      for message in messages where !message.isOwnWork {
        content.brought.append(.init(serial: message.serial, replica: replica, at: now))
        if message.isRefused(at: clock) { content.refusals.insert(message.serial) } else { content.admissions.insert(message.serial) }
      }
    }
  }

  private func isCurrent(_ flight: Flight) -> Bool {
    state.withLock { $0.flights[flight.serial]?.attempt == flight.attempt }
  }

  private func answered(_ flight: Flight, _ answer: Replica.Answer?, began: Int64, isBulk: Bool, isEcho: Bool) {
    guard !isEcho, isCurrent(flight) else { return }
    guard let answer else {
      world.trace.note("delivery \(flight.serial) is cut off")
      return again(flight.serial, after: 100)
    }
    if world.incidents.next(.acknowledgement) != nil {
      world.trace.note("the answer to delivery \(flight.serial) is not heard")
      return again(flight.serial, after: 500)
    }
    let statuses = Statuses(answer.response, count: flight.messages.count, isBulk: isBulk)
    world.trace.note("delivery \(flight.serial) is answered: \(statuses.words.map(\.rawValue).joined(separator: ", "))")
    world.chronicle.note { content in
      if !statuses.isWhole { content.brokenAnswers.append("delivery \(flight.serial): \(answer.response.status)") }
      for (place, message) in flight.messages.enumerated() {
        switch statuses.words[place] {
        case .success where message.isOwnWork: break
        case .success:
          content.acknowledged.append(
            .init(message: message, began: began, ended: world.timeline.now, wasRefused: message.isRefused(at: answer.clock)))
        case .drop: content.dropped.append(message)
        case .retry: break
        }
      }
    }
    settle(flight, left: zip(flight.messages, statuses.words).filter { $0.1 == .retry }.map(\.0))
  }

  /// What is left of a delivery comes again; where nothing is, its place is free.
  private func settle(_ flight: Flight, left: [Message]) {
    let tries = state.withLock { state -> Int? in
      guard !left.isEmpty else {
        state.flights[flight.serial] = nil
        state.queues[flight.queue].flights -= 1
        return nil
      }
      state.flights[flight.serial]?.messages = left
      state.flights[flight.serial]?.tries += 1
      return state.flights[flight.serial]?.tries
    }
    guard let tries else { return pump(flight.queue) }
    again(flight.serial, after: min(15_000, 100 << min(tries, 8)))
  }

  private func again(_ serial: Int, after milliseconds: Int) {
    // Whatever is still under way is another attempt from now on.
    state.withLock { state in
      state.attempts += 1
      state.flights[serial]?.attempt = state.attempts
    }
    world.timeline.after(milliseconds + world.random.draw(0..<50)) { [self] in fly(serial) }
  }
}
