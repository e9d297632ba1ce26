internal import MasteryCore

/// Deliveries of `mastery.retry`, one event at a time: what was deferred is tried again once its time has come, and a dead letter that is
/// sent again comes in here as the event that it is.
///
/// Events wait in the topic, not in a handler. One whose time has not come goes back to the end, so that it holds up nobody who waits
/// shorter. Where it was at the end just now, hardly anybody else is there: then the broker is asked to bring it again, and its backoff
/// does the waiting, so that nothing spins.
struct RetryConsumer: DeliveryConsumer {
  let events: EventConsumer
  let publisher: EventPublisher
  let rule: PutBackRule
  let copies: WaitingCopies
  let runtime: Runtime

  /// Works a delivery off.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let delivery = InternalDelivery(incoming.body) { DeferredEvent($0) }
    guard delivery.entries.contains(where: { $0.content != nil }) else {
      return await events.consume(incoming)
    }
    var statuses: [Acknowledgement.Status] = []
    for entry in delivery.entries {
      // They come singly; beside a deferred event, another one is asked for again by itself.
      let isDone = if let deferred = entry.content { await isDone(deferred, incoming.metadata, incoming.trace) } else { false }
      statuses.append(Acknowledgement.Status(entry: entry.id, isDone: isDone))
    }
    return Acknowledgement(isBulk: delivery.isBulk, statuses: statuses)
  }

  /// Whether a deferred event needs no further delivery.
  private func isDone(_ deferred: DeferredEvent, _ facts: DeliveryMetadata, _ trace: RequestTrace) async -> Bool {
    if copies.isSuperseded(deferred.copy) { return true }
    let now = runtime.now()
    let age = rule.age(queuedAt: deferred.queuedAt, now: now) { deferred.messageID }
    if age.waited >= deferred.wait { return await events.retry(deferred, trace) }
    guard rule.allows(age, isOrdered: facts.isOrdered) else { return false }
    let next = deferred.putBack(at: now, waited: age.waited)
    guard await publisher.publish([next], context: trace.call).isEmpty else { return false }
    copies.note(next.copy)
    return true
  }
}
