internal import MasteryCore

/// Consumes deliveries of `mastery.retry`, one event at a time: deferred events are retried once their time has come, and a resent dead
/// letter is processed as the event that it is.
///
/// Events wait in the topic, not in a handler. An event whose time has not come goes back to the end, so that it does not hold up events
/// with shorter waits. If it was put at the end only moments ago, the topic is nearly empty: the broker is then asked to redeliver it, and
/// its backoff prevents spinning.
struct RetryConsumer: DeliveryConsumer {
  let events: EventConsumer
  let publisher: EventPublisher
  let rule: PutBackRule
  let copies: WaitingCopies
  let runtime: Runtime

  /// Processes a delivery.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let delivery = InternalDelivery(incoming.body) { DeferredEvent($0) }
    guard delivery.entries.contains(where: { $0.content != nil }) else {
      return await events.consume(incoming)
    }
    return await incoming.traced(delivery.entries.lazy.map(\.context)) { trace in
      var statuses: [Acknowledgement.Status] = []
      for entry in delivery.entries {
        // They are delivered singly; an event in the same delivery as a deferred one is redelivered by itself.
        let isDone = if let deferred = entry.content { await isDone(deferred, incoming.metadata, trace) } else { false }
        statuses.append(Acknowledgement.Status(entry: entry.id, isDone: isDone))
      }
      return Acknowledgement(isBulk: delivery.isBulk, statuses: statuses)
    }
  }

  /// Whether a deferred event needs no redelivery.
  private func isDone(_ deferred: DeferredEvent, _ facts: DeliveryMetadata, _ trace: RequestTrace) async -> Bool {
    if copies.isSuperseded(deferred.copy) { return true }
    let now = runtime.now()
    let age = rule.age(queuedAt: deferred.queuedAt, now: now) { deferred.messageID }
    if age.waited >= deferred.wait { return await events.retry(deferred, trace) }
    guard rule.allows(age, isOrdered: facts.isOrdered) else { return false }
    let next = deferred.putBack(at: now, waited: age.waited)
    guard await publisher.publish(each: [next.event], to: Topic.retry, context: trace.call).isEmpty else { return false }
    copies.note(next.copy)
    return true
  }
}
