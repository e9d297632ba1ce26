internal import HTTPClient
internal import Synchronization

/// Delivering batches to the app, and asking it for its subscriptions.
extension Courier {
  /// Sends what is due, and sets the alarm for what comes next.
  func pump() {
    let (batches, alarm) = state.withLock { state -> ([Batch], Int64?) in
      guard state.ending == .notYet else { return ([], nil) }
      let now = Clock.steady()
      let batches = state.broker.take(now: now)
      // A change that cannot be written down comes again after a restart: at least once, as promised.
      try? state.journal?.record(state.broker.takeUnrecorded())
      state.singles += batches.count { !$0.isBulk }
      guard let due = state.broker.nextDue(now: now), due < state.alarm ?? .max else { return (batches, nil) }
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
    var batch = batch
    let outcome: DeliveryOutcome
    do {
      let broken = try await read(&batch)
      outcome = await self.outcome(of: batch, broken)
    } catch {
      note("\(batch.subscription.pubsub): a message of \(batch.subscription.topic) cannot be read: \(error)")
      outcome = .unreadable
    }
    let (counts, idlers) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
      if !batch.isBulk { state.singles -= 1 }
      guard state.ending < (batch.isBulk ? .cutOff : .over) else { return (false, []) }
      let settlement = state.broker.settle(batch, outcome, now: Clock.steady())
      try? state.journal?.record(settlement)
      return (true, state.takeIdlers())
    }
    for idler in idlers { idler.resume() }
    guard counts else { return }
    if outcome == .unreachable { ask() }
    pump()
  }

  /// The outcome of a batch whose messages have been read, some of them to what cannot be delivered: those with these numbers.
  private func outcome(of batch: Batch, _ broken: Set<Int>) async -> DeliveryOutcome {
    guard !broken.isEmpty else { return await outcome(of: batch) }
    var good = batch
    good.entries.removeAll { broken.contains($0.number) }
    guard !good.entries.isEmpty else { return .answered(batch.entries.map { _ in .broken }) }
    guard case .answered(let fates) = await outcome(of: good) else { return .unreachable }
    var rest = fates.makeIterator()
    return .answered(batch.entries.map { broken.contains($0.number) ? .broken : rest.next() ?? .again })
  }

  private func outcome(of batch: Batch) async -> DeliveryOutcome {
    // Written outside the lock, since a batch may be megabytes.
    var (random, component) = state.withLock { state in
      (RandomBits(seed: state.random.next()), state.broker.groups[batch.group].component)
    }
    let began = cores?.begin()
    let call = DeliveryCall(batch, for: component, &random)
    await cores?.spend(.delivery(of: batch.entries.count), since: began)
    let areSendable = batch.isBulk || component.escapesHeaders || batch.entries.allSatisfy(\.message.isSendable)
    return await outcome(of: call, batch, areSendable: areSendable)
  }

  private func outcome(of call: DeliveryCall, _ batch: Batch, areSendable: Bool) async -> DeliveryOutcome {
    let fault = faults.next(.delivery)
    let failed = DeliveryOutcome.answered(Array(repeating: .again, count: batch.entries.count))
    if fault == .lostBefore || fault == .silentBefore { return failed }
    guard areSendable else { return failed }
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
      let answer = try await app.deliver(
        call.path, headers: call.headers, body: call.body, isBulk: batch.isBulk, deadline: deadlines[batch.group])
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
      return !state.isAsking && state.ending == .notYet
    }
    guard isFirst else { return }
    Task {
      var hasAnswered = false
      while true {
        if let subscriptions = await app.subscriptions() {
          take(subscriptions)
          hasAnswered = true
        }
        // Decided and recorded under one lock: a delivery that finds the app away is either seen here or begins a round of its own.
        let isDone = state.withLock { state in
          guard state.ending > .notYet || hasAnswered && !state.broker.isAppAway else { return false }
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
      for (_, ended) in state.broker.subscribe(subscriptions, now: Clock.steady()) {
        // Messages to be retained were written when they were accepted.
        try? state.journal?.end(ended)
      }
      return state.takeIdlers()
    }
    for idler in idlers { idler.resume() }
  }
}
