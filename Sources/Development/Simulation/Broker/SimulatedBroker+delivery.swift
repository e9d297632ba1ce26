internal import HTTPServer
internal import Synchronization

extension SimulatedBroker {
  /// Milliseconds after which an unanswered delivery is repeated.
  private static let patience = 20_000
  /// Milliseconds for which a stopping sidecar waits for single deliveries.
  private static let grace = 5_000

  /// Makes or repeats a delivery.
  func fly(_ serial: Int) {
    let incident = world.incidents.next(.delivery)
    if incident?.fault == .deliveryDelayed, let length = incident?.length {
      world.trace.note("delivery \(serial) is delayed for \(length) ms")
      world.chronicle.excuse(from: world.timeline.now, until: world.timeline.now + Int64(length))
      return world.timeline.after(length) { [self] in depart(serial, patience: Self.patience) }
    }
    let isGivenUp = incident?.fault == .deliveryGivenUp
    depart(serial, patience: isGivenUp ? min(incident?.length ?? 0, 200) : Self.patience)
    if incident?.fault == .deliveredTwice, let flight = state.withLock({ $0.flights[serial] }), let other = world.replicas.pick(serial + 1)
    {
      deliver(flight, to: other, isEcho: true)
    }
  }

  /// Delivers a batch to the replica whose turn it is, or waits until a replica is available.
  private func depart(_ serial: Int, patience: Int) {
    guard let waiting = state.withLock({ $0.flights[serial] }) else { return }
    let now = world.timeline.now
    // A partition belongs to one replica; without an order, replicas take turns.
    let index = world.plan.ordering == .partitions ? waiting.queue : serial + waiting.tries
    guard let replica = world.replicas.pick(index, where: { !world.weather.hasSidecarEnded(of: $0, now) }) else {
      world.chronicle.excuse(from: now, until: now + 300)
      return world.timeline.after(300) { [self] in depart(serial, patience: patience) }
    }
    guard takesTurn(serial, with: replica.number) else { return }
    let flight = state.withLock { state -> BrokerState.Flight? in
      state.attempts += 1
      state.flights[serial]?.attempt = state.attempts
      state.flights[serial]?.began = now
      state.flights[serial]?.replica = replica.number
      return state.flights[serial]
    }
    guard let flight else { return }
    deliver(flight, to: replica, isEcho: false)
    world.timeline.after(patience) { [self] in
      guard isCurrent(flight) else { return }
      world.trace.note("delivery \(serial) is abandoned")
      world.chronicle.excuse(from: flight.began, until: world.timeline.now)
      leave(serial)
      fly(serial)
    }
  }

  // MARK: Turns

  /// Whether a delivery may go to a replica now; it queues while another bulk delivery of the component is in flight there.
  private func takesTurn(_ serial: Int, with replica: Int) -> Bool {
    let former = state.withLock { state -> (isMine: Bool, next: Int?) in
      guard let flight = state.flights[serial] else { return (false, nil) }
      let subscription = state.queues[flight.queue].subscription
      guard world.plan.ordering == .partitions, subscription.batch != nil else { return (true, nil) }
      let turn = BrokerState.Turn(component: subscription.component, replica: replica)
      if flight.turn == turn { return (true, nil) }
      let next = flight.turn.flatMap { state.giveBack(serial, $0) }
      return (state.takes(turn, for: serial), next)
    }
    if let next = former.next { later(next) }
    return former.isMine
  }

  /// Releases the turn that a delivery holds, so that the next one proceeds.
  private func giveBack(_ serial: Int) {
    let next = state.withLock { state in state.flights[serial]?.turn.flatMap { state.giveBack(serial, $0) } }
    if let next { later(next) }
  }

  private func later(_ serial: Int) {
    world.timeline.after(0) { [self] in depart(serial, patience: Self.patience) }
  }

  // MARK: Delivery and answer

  /// Delivers a batch to a replica; the answer to an echo is ignored.
  private func deliver(_ flight: BrokerState.Flight, to replica: Replica, isEcho: Bool) {
    let began = world.timeline.now
    let subscription = state.withLock { $0.queues[flight.queue].subscription }
    let request =
      subscription.batch != nil
      ? Callback.bulk(flight.messages, subscription, attempt: flight.attempt)
      : Callback.single(flight.messages[0], subscription, attempt: flight.attempt)
    let events = flight.messages.map { String($0.serial) }.joined(separator: ", ")
    world.trace.note("delivery \(flight.serial)\(isEcho ? " goes again" : "") to replica \(replica.number): events \(events)")
    world.executor.begin { [self] in
      let serials = Set(flight.messages.map(\.serial))
      let answer = await replica.answer(request, of: serials) { clock in judge(flight.messages, replica.number, clock) }
      guard !isEcho, isCurrent(flight) else { return }
      answered(flight, answer, began: began, isBulk: subscription.batch != nil)
    }
  }

  /// Records whether a replica must refuse or may accept events, by its clock when it begins to process them.
  private func judge(_ messages: [Message], _ replica: Int, _ clock: Int64) {
    world.chronicle.note { [now = world.timeline.now] content in
      for message in messages where !message.isOwnWork {
        content.brought.append(.init(serial: message.serial, replica: replica, at: now))
        if message.isRefused(at: clock) { content.refusals.insert(message.serial) } else { content.admissions.insert(message.serial) }
      }
    }
  }

  private func isCurrent(_ flight: BrokerState.Flight) -> Bool {
    state.withLock { $0.flights[flight.serial]?.attempt == flight.attempt }
  }

  private func answered(_ flight: BrokerState.Flight, _ answer: ReplicaAnswer?, began: Int64, isBulk: Bool) {
    guard let answer else {
      world.trace.note("delivery \(flight.serial) is cut off")
      return cutoff(flight, after: 100)
    }
    if world.incidents.next(.acknowledgement) != nil {
      world.trace.note("the answer to delivery \(flight.serial) is lost")
      return cutoff(flight, after: 500)
    }
    let statuses = Statuses(answer.response, count: flight.messages.count, isBulk: isBulk)
    world.trace.note("delivery \(flight.serial) is answered: \(statuses.words.map(\.rawValue).joined(separator: ", "))")
    let superseded = state.withLock { state in flight.messages.map(state.isSuperseded) }
    world.chronicle.note { content in
      if !statuses.isWhole { content.brokenAnswers.append("delivery \(flight.serial): \(answer.response.status)") }
      for (index, message) in flight.messages.enumerated() {
        switch statuses.words[index] {
        case .success where message.foreign != nil: content.buried.append(message)
        case .success where message.isOwnWork: break
        // The event was deferred, now or earlier, and is not finished.
        case .success where superseded[index] || answer.putAside.contains(message.serial): break
        case .success:
          state.withLock { $0.workOff(message) }
          content.acknowledged.append(
            .init(message: message, began: began, ended: world.timeline.now, wasRefused: message.isRefused(at: answer.clock)))
        case .drop:
          state.withLock { $0.workOff(message) }
          content.dropped.append(message)
        case .retry: break
        }
      }
    }
    settle(flight, left: zip(flight.messages, statuses.words).filter { $0.1 == .retry }.map(\.0))
  }

  /// Redelivers what is left of a delivery; if nothing is left, makes room for another one.
  private func settle(_ flight: BrokerState.Flight, left: [Message]) {
    if left.isEmpty {
      giveBack(flight.serial)
      state.withLock { state in
        state.flights[flight.serial] = nil
        state.queues[flight.queue].flights -= 1
      }
      return goOn(flight.queue)
    }
    let tries = state.withLock { state in
      state.flights[flight.serial]?.messages = left
      state.flights[flight.serial]?.tries += 1
      return state.flights[flight.serial]?.tries ?? 0
    }
    let pause = min(15_000, 100 << min(tries, 8)) + world.random.draw(0..<50)
    // If an outage affected the delivery, its backoff is excused too.
    if world.chronicle.isExcused(from: flight.began, until: world.timeline.now) {
      world.chronicle.excuse(from: flight.began, until: world.timeline.now + Int64(pause))
    }
    again(flight.serial, after: pause)
  }

  /// Repeats a delivery whose outcome is unknown after a pause, and lets others go first.
  private func cutoff(_ flight: BrokerState.Flight, after pause: Int) {
    let pause = pause + world.random.draw(0..<50)
    world.chronicle.excuse(from: flight.began, until: world.timeline.now + Int64(pause))
    giveBack(flight.serial)
    again(flight.serial, after: pause)
  }

  private func again(_ serial: Int, after milliseconds: Int) {
    leave(serial)
    world.timeline.after(milliseconds) { [self] in fly(serial) }
  }

  /// Begins a new attempt, so that answers to earlier ones are ignored.
  private func leave(_ serial: Int) {
    state.withLock { state in
      state.attempts += 1
      state.flights[serial]?.attempt = state.attempts
      state.flights[serial]?.replica = nil
    }
  }

  // MARK: Sidecar shutdown

  /// Cuts off the deliveries of a stopping sidecar: bulk ones at once, single ones after a grace period.
  func sidecarEnds(of replica: Int) {
    let flights = state.withLock { state in
      state.flights.values.filter { $0.replica == replica }.sorted { $0.serial < $1.serial }.map { flight in
        (flight: flight, isBulk: state.queues[flight.queue].subscription.batch != nil)
      }
    }
    for (flight, isBulk) in flights {
      world.timeline.after(isBulk ? 0 : Self.grace) { [self] in
        guard isCurrent(flight) else { return }
        world.trace.note("delivery \(flight.serial) is cut off because its sidecar stops")
        cutoff(flight, after: 100)
      }
    }
  }
}
