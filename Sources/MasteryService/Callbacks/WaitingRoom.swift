internal import JSON
internal import MasteryCore

/// Deliveries of `mastery.retry`, one event at a time: what was deferred is tried again once its time has come, and a dead letter that is
/// sent again comes in here as the event that it is.
///
/// Events wait in the topic, not in a handler. One whose time has not come goes back to the end, so that it holds up nobody who waits
/// shorter. Where it was at the end just now, hardly anybody else is there: then the broker is asked to bring it again, and its backoff
/// does the waiting, so that nothing spins.
struct WaitingRoom: Sendable {
  /// An event that was put at the end so lately, in milliseconds, is not put there again.
  private static let round: Int64 = 2_000

  let callback: EventCallback
  let publisher: EventPublisher
  let edge: Edge

  /// Works a delivery off.
  func take(_ body: [UInt8], _ facts: DeliveryFacts, _ trace: RequestTrace) async -> Acknowledgement {
    guard let (id, isBulk, deferred) = Self.deferred(body) else {
      return await callback.take(body, facts, topic: Topic.retry, trace: trace)
    }
    return Acknowledgement(
      isBulk: isBulk, statuses: [Acknowledgement.Status(entry: id, isDone: await isDone(deferred, trace))])
  }

  /// Whether a deferred event needs no further delivery.
  private func isDone(_ deferred: DeferredEvent, _ trace: RequestTrace) async -> Bool {
    let now = edge.now()
    if now >= deferred.notBefore { return await callback.retry(deferred, trace) }
    guard now >= deferred.queuedAt.adding(milliseconds: Self.round) else { return false }
    return await publisher.publish([deferred.putBack(at: now)], context: trace.call).isEmpty
  }

  /// The deferred event of a delivery; nil where the delivery brings anything else.
  private static func deferred(_ body: [UInt8]) -> (id: String, isBulk: Bool, event: DeferredEvent)? {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) -> (id: String, isBulk: Bool, event: DeferredEvent)? in
      guard let entries = root["entries"], entries.kind == .array else { return event(root).map { ("", false, $0) } }
      var list = entries.elements
      guard let entry = list.next(), list.next() == nil, let event = entry["event"].flatMap({ event($0) }) else { return nil }
      return (entry["entryId"]?.string ?? "", true, event)
    }
    return read ?? nil
  }

  private static func event(_ envelope: JSONValue) -> DeferredEvent? {
    var trace = EventTrace()
    trace.read(envelope)
    return DeferredEvent(envelope["data"] ?? envelope)?.traced(trace)
  }
}
