internal import HTTPClient
internal import Synchronization

/// Drives the broker: takes publications in, brings batches to the app, and asks the app what it wants.
final class Courier: Sendable {
  private struct State {
    var broker: Broker
    var journal: Journal?
    var random = RandomBits()
    /// When the next wake-up is set for; nil when none is.
    var alarm: Int64?
    var underway = 0
    var isStopped = false
    var isAsking = false
    var waitingForIdle: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  let component: PubSubComponent
  private let app: App?
  private let faults: Faults
  private let deadline: Int
  private let onPublish: (@Sendable (String, [UInt8]) -> Void)?

  init(
    _ component: PubSubComponent, resiliency: Resiliency.Target, journal: Journal?, app: App?, faults: Faults,
    onPublish: (@Sendable (String, [UInt8]) -> Void)?
  ) throws(DatabaseFailure) {
    var broker = Broker(component, retry: resiliency.inboundRetry)
    try journal?.restore(&broker, now: Clock.steady())
    // Without an app nobody will ever want anything.
    if app == nil { _ = broker.subscribe([], now: Clock.steady()) }
    state = Mutex(State(broker: broker, journal: journal))
    self.component = component
    self.app = app
    self.faults = faults
    self.onPublish = onPublish
    deadline = resiliency.inboundTimeout.map { Int($0) } ?? 60_000
  }

  // MARK: Publishing

  /// What becomes of messages that are published.
  enum Acceptance {
    case taken
    /// The broker is full, or cannot write them down.
    case refused
    /// They came without bodies, and somebody has begun to want them.
    case bodiesWanted
  }

  /// Whether anybody will see the bodies of a topic's messages.
  func wants(_ topic: String) -> Bool {
    onPublish != nil || component.retains || state.withLock { $0.broker.keeps(topic) }
  }

  /// Takes messages in.
  func publish(_ messages: [Message], to topic: String, haveBodies: Bool) -> Acceptance {
    let acceptance = state.withLock { state -> Acceptance in
      guard haveBodies || !state.broker.keeps(topic) else { return .bodiesWanted }
      guard !state.isStopped, let accepted = state.broker.accept(messages, to: topic, wall: Clock.wall()) else { return .refused }
      guard (try? Self.record(accepted, of: topic, in: &state, retaining: component.retains)) != nil else { return .refused }
      state.broker.enqueue(accepted, to: topic, now: Clock.steady())
      if let onPublish { for message in accepted { onPublish(topic, message.body) } }
      return .taken
    }
    if acceptance == .taken { pump() }
    return acceptance
  }

  private static func record(
    _ messages: [Message], of topic: String, in state: inout State, retaining: Bool
  ) throws(DatabaseFailure) {
    guard let journal = state.journal else { return }
    if state.broker.keeps(topic) {
      try journal.record(messages, of: topic, offsets: state.broker.offsets(of: topic), retaining: retaining)
    } else if retaining {
      try journal.end(messages, of: topic, retaining: true)
    }
  }

  // MARK: Delivering

  /// Sends what is due, and sets the alarm for what comes next.
  private func pump() {
    let (batches, alarm) = state.withLock { state -> ([Batch], Int64?) in
      guard !state.isStopped else { return ([], nil) }
      let now = Clock.steady()
      let batches = state.broker.take(now: now)
      state.underway += batches.count
      guard let due = state.broker.nextDue, due < state.alarm ?? .max else { return (batches, nil) }
      state.alarm = due
      return (batches, due)
    }
    for batch in batches { Task { await self.deliver(batch) } }
    if let alarm { Task { await self.wake(at: alarm) } }
  }

  private func wake(at due: Int64) async {
    try? await Task.sleep(for: .milliseconds(max(0, due - Clock.steady())))
    state.withLock { if $0.alarm == due { $0.alarm = nil } }
    pump()
  }

  private func deliver(_ batch: Batch) async {
    // Written outside of the lock, since a batch may be megabytes.
    var random = RandomBits(seed: state.withLock { $0.random.next() })
    let call = DeliveryCall(batch, addsPosition: component.addsPosition, &random)
    let outcome = await outcome(of: call, batch)
    let idlers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      let settlement = state.broker.settle(batch, outcome, now: Clock.steady())
      // What cannot be written down comes again after a restart: at least once, as promised.
      try? state.journal?.record(settlement)
      state.underway -= 1
      guard state.broker.undelivered == 0 else { return [] }
      defer { state.waitingForIdle = [] }
      return state.waitingForIdle
    }
    for idler in idlers { idler.resume() }
    if outcome == .unreachable { ask() }
    pump()
  }

  private func outcome(of call: DeliveryCall, _ batch: Batch) async -> DeliveryOutcome {
    let fault = faults.next(.delivery)
    let failed = DeliveryOutcome.answered(Array(repeating: .again, count: batch.entries.count))
    if fault == .lostBefore || fault == .silentBefore { return failed }
    if fault == .doubled { _ = await send(call, batch) }
    let outcome = await send(call, batch)
    switch fault {
    case .late(let milliseconds): try? await Task.sleep(for: .milliseconds(milliseconds))
    case .lostAfter, .silentAfter: return outcome == .unreachable ? outcome : failed
    default: break
    }
    return outcome
  }

  private func send(_ call: DeliveryCall, _ batch: Batch) async -> DeliveryOutcome {
    guard let app else { return .unreachable }
    do {
      let answer = try await app.call("POST", call.path, headers: call.headers, body: call.body, deadline: deadline)
      return .answered(DeliveryAnswer.fates(status: answer.status, body: answer.body, of: batch))
    } catch {
      if case .unreachable = error { return .unreachable }
      return .answered(Array(repeating: .again, count: batch.entries.count))
    }
  }

  // MARK: The app

  /// Asks the app for its subscriptions until it answers and is not away again; one such round runs at a time.
  func ask() {
    guard let app else { return }
    let isFirst = state.withLock { state in
      defer { state.isAsking = true }
      return !state.isAsking && !state.isStopped
    }
    guard isFirst else { return }
    Task {
      var hasAnswered = false
      while true {
        if let subscriptions = await app.subscriptions() {
          take(subscriptions)
          hasAnswered = true
        }
        // Decided and said under one lock: a delivery that finds the app away either is seen here or begins a round of its own.
        let isDone = state.withLock { state in
          guard state.isStopped || hasAnswered && !state.broker.isAppAway else { return false }
          state.isAsking = false
          return true
        }
        if isDone { break }
        try? await Task.sleep(for: .milliseconds(50))
      }
      pump()
    }
  }

  private func take(_ subscriptions: [Subscription]) {
    let idlers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      for (topic, ended) in state.broker.subscribe(subscriptions, now: Clock.steady()) {
        // What was to be retained was so when it was accepted.
        try? state.journal?.end(ended, of: topic, retaining: false)
      }
      guard state.broker.undelivered == 0 else { return [] }
      defer { state.waitingForIdle = [] }
      return state.waitingForIdle
    }
    for idler in idlers { idler.resume() }
  }

  // MARK: Watching

  var statistics: [String: TopicStatistics] { state.withLock { $0.broker.statistics } }

  var subscriptions: [Subscription] { state.withLock { $0.broker.subscriptions } }

  /// Waits until no message waits for the app or its answer.
  func idle() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        guard state.broker.undelivered > 0, !state.isStopped else { return true }
        state.waitingForIdle.append(continuation)
        return false
      }
      if isIdle { continuation.resume() }
    }
  }

  /// Sends nothing more, and waits for what is under way.
  func stop(within limit: Duration) async {
    let idlers = state.withLock { state in
      state.isStopped = true
      defer { state.waitingForIdle = [] }
      return state.waitingForIdle
    }
    for idler in idlers { idler.resume() }
    let end = ContinuousClock.now + limit
    while state.withLock({ $0.underway }) > 0, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(5)) }
  }
}
