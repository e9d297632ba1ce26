internal import JSON
internal import MasteryCore

/// Deliveries of the engine's own requests to erase students: acknowledged only when nothing is left to do.
struct ErasureCallback: Sendable {
  let erasure: Erasure
  let publisher: EventPublisher
  let rule: PutBackRule
  let edge: Edge
  let log: Log

  /// Works a delivery off.
  func take(_ body: DeliveryBody, _ facts: DeliveryFacts, _ trace: RequestTrace) async -> Acknowledgement {
    let now = edge.now()
    let delivery = DeliveryReader(now: now, keepsOriginals: true).delivery(body, facts)
    var statuses: [Acknowledgement.Status] = []
    for entry in delivery.entries {
      let isDone =
        if let request = Self.request(entry) { await resume(request, facts, trace, now: now) } else { await bury(entry, trace, now: now) }
      statuses.append(Acknowledgement.Status(entry: entry.id, isDone: isDone))
    }
    return Acknowledgement(isBulk: delivery.isBulk, statuses: statuses)
  }

  /// One student who cannot be erased for now holds up no other: the request goes to the end, unless it was there just now.
  ///
  /// While the store works for nobody, no other could be erased either: then the broker brings the request again, less and less often.
  private func resume(_ request: Request, _ facts: DeliveryFacts, _ trace: RequestTrace, now: Timestamp) async -> Bool {
    do throws(Problem) {
      try await erasure.resume(request.key, asAskedAt: request.askedAt, context: trace.call)
      return true
    } catch {
      log(LogLine(.warning, "an erasure is to come again", [("reason", .text(error.message))]), at: now)
      let age = rule.age(queuedAt: request.queuedAt, now: now) { request.messageID }
      guard rule.allows(age, isOrdered: facts.isOrdered), await erasure.store.sidecar.storeWorks(context: trace.call) else { return false }
      return await erasure.putBack(request.key, asAskedAt: request.askedAt, now: now, context: trace.call)
    }
  }

  /// What is no request can never be worked off.
  private func bury(_ entry: Delivery.Entry, _ trace: RequestTrace, now: Timestamp) async -> Bool {
    let failed = FailedEvent(
      kind: .validation, refusal: Refusal(message: "this is no request to erase a student"), original: entry.original?.bytes ?? [],
      topic: Topic.erasures, failedAt: now)
    return await publisher.publish([failed], context: trace.call).isEmpty
  }

  /// A request to erase a student.
  private struct Request {
    let key: StudentKey
    let askedAt: Timestamp
    let queuedAt: Timestamp

    /// The name of the message: the same at each delivery, and another one each time it is put at the end.
    var messageID: String { "\(key.documentKey)|\(askedAt.milliseconds)|\(queuedAt.milliseconds)" }
  }

  private static func request(_ entry: Delivery.Entry) -> Request? {
    guard let original = entry.original?.bytes else { return nil }
    let read = try? JSONDocument.parse(original) { (root) throws(Never) -> Request? in
      guard root["event_type"]?.string == "erasure.requested", let student = root["student_id"]?.string.flatMap(StudentID.init),
        let moment = root["requested_at"]?.integer.flatMap({ Timestamp(exactly: $0) })
      else { return nil }
      let school = root["school_id"]
      let id = school?.string.flatMap(SchoolID.init)
      guard school == nil || id != nil else { return nil }
      let queuedAt = root["queued_at"]?.integer.flatMap { Timestamp(exactly: $0) } ?? moment
      return Request(key: StudentKey(school: id, student: student), askedAt: moment, queuedAt: queuedAt)
    }
    return read ?? nil
  }
}
