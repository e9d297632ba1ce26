internal import JSON
internal import MasteryCore

/// Consumes the engine's own requests to erase students, which are acknowledged only when nothing is left to do.
struct ErasureConsumer: DeliveryConsumer {
  let erasure: Erasure
  let publisher: EventPublisher
  let rule: PutBackRule
  let copies: WaitingCopies
  let runtime: Runtime
  let log: Log

  /// Processes a delivery.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let now = runtime.now()
    let delivery = DeliveryReader(now: now, keepsOriginals: true).delivery(incoming.body, incoming.metadata)
    return await incoming.traced(delivery.entries.lazy.map(\.context)) { trace in
      var statuses: [Acknowledgement.Status] = []
      for entry in delivery.entries {
        let isDone =
          if let request = Self.request(entry) {
            await resume(request, incoming.metadata, trace, now: now)
          } else {
            await bury(entry, trace, now: now)
          }
        statuses.append(Acknowledgement.Status(entry: entry.id, isDone: isDone))
      }
      return Acknowledgement(isBulk: delivery.isBulk, statuses: statuses)
    }
  }

  /// Continues a request; if its student cannot be erased now, it goes to the end of the topic, unless it was put there only moments ago,
  /// so that it holds up no other.
  ///
  /// While the store is down for all students, no other could be erased either, so the broker redelivers the request at increasing
  /// intervals.
  private func resume(_ request: ErasureMessage, _ facts: DeliveryMetadata, _ trace: RequestTrace, now: Timestamp) async -> Bool {
    if copies.isSuperseded(request.copy) { return true }
    let age = rule.age(queuedAt: request.queuedAt, now: now) { request.copy.id }
    do throws(Problem) {
      // Without order, a message goes to the end again only after a known time there.
      let hasWaited = request.copies > 0 && rule.allows(age, isOrdered: false)
      try await erasure.resume(request.key, asAskedAt: request.askedAt, hasWaited: hasWaited, context: trace.call)
      copies.forget(request.copy)
      return true
    } catch {
      log(LogLine(.warning, "an erasure is to come again", [("reason", .text(error.message))]), at: now)
      guard rule.allows(age, isOrdered: facts.isOrdered), await erasure.store.sidecar.storeWorks(context: trace.call) else { return false }
      let next = request.putBack(at: now)
      guard await publisher.publish(next.event, to: Topic.erasures, context: trace.call) else { return false }
      copies.note(next.copy)
      return true
    }
  }

  /// Gives up a message that is not a request, because it can never be processed.
  private func bury(_ entry: Delivery.Entry, _ trace: RequestTrace, now: Timestamp) async -> Bool {
    let failed = FailedEvent(
      kind: .validation, rejection: EventRejection(message: "this is no request to erase a student"), original: entry.original?.bytes ?? [],
      topic: Topic.erasures, failedAt: now)
    return await publisher.publish(each: [failed.event], to: Topic.deadLetters, context: trace.call).isEmpty
  }

  private static func request(_ entry: Delivery.Entry) -> ErasureMessage? {
    guard let original = entry.original?.bytes else { return nil }
    let read = try? JSONDocument.parse(original) { (root) throws(Never) in ErasureMessage(root) }
    return read ?? nil
  }
}
