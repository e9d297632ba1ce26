internal import JSON
internal import MasteryCore

/// Deliveries of the engine's own requests to erase students: acknowledged only when nothing is left to do.
struct ErasureConsumer: DeliveryConsumer {
  let erasure: Erasure
  let publisher: EventPublisher
  let rule: PutBackRule
  let copies: WaitingCopies
  let runtime: Runtime
  let log: Log

  /// Works a delivery off.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let now = runtime.now()
    let delivery = DeliveryReader(now: now, keepsOriginals: true).delivery(incoming.body, incoming.metadata)
    var statuses: [Acknowledgement.Status] = []
    for entry in delivery.entries {
      let isDone =
        if let request = Self.request(entry) {
          await resume(request, incoming.metadata, incoming.trace, now: now)
        } else {
          await bury(entry, incoming.trace, now: now)
        }
      statuses.append(Acknowledgement.Status(entry: entry.id, isDone: isDone))
    }
    return Acknowledgement(isBulk: delivery.isBulk, statuses: statuses)
  }

  /// One student who cannot be erased for now holds up no other: the request goes to the end, unless it was there just now.
  ///
  /// While the store works for nobody, no other could be erased either: then the broker brings the request again, less and less often.
  private func resume(_ request: ErasureMessage, _ facts: DeliveryMetadata, _ trace: RequestTrace, now: Timestamp) async -> Bool {
    if copies.isSuperseded(request.copy) { return true }
    do throws(Problem) {
      try await erasure.resume(request.key, asAskedAt: request.askedAt, context: trace.call)
      copies.forget(request.copy)
      return true
    } catch {
      log(LogLine(.warning, "an erasure is to come again", [("reason", .text(error.message))]), at: now)
      let age = rule.age(queuedAt: request.queuedAt, now: now) { request.copy.id }
      guard rule.allows(age, isOrdered: facts.isOrdered), await erasure.store.sidecar.storeWorks(context: trace.call) else { return false }
      let next = request.putBack(at: now)
      guard await publisher.publish(next.event, to: Topic.erasures, context: trace.call) else { return false }
      copies.note(next.copy)
      return true
    }
  }

  /// What is no request can never be worked off.
  private func bury(_ entry: Delivery.Entry, _ trace: RequestTrace, now: Timestamp) async -> Bool {
    let failed = FailedEvent(
      kind: .validation, refusal: Refusal(message: "this is no request to erase a student"), original: entry.original?.bytes ?? [],
      topic: Topic.erasures, failedAt: now)
    return await publisher.publish([failed], context: trace.call).isEmpty
  }

  private static func request(_ entry: Delivery.Entry) -> ErasureMessage? {
    guard let original = entry.original?.bytes else { return nil }
    let read = try? JSONDocument.parse(original) { (root) throws(Never) in ErasureMessage(root) }
    return read ?? nil
  }
}
