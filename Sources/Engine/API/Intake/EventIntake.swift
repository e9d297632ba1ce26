internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// Accepts events from requests: validates them immediately by the rules for events, then publishes them like any other event.
struct EventIntake: Sendable {
  let sidecar: any Sidecar
  let publisher: EventPublisher
  /// The event topics that take JSON; on one in Avro it would hold up its partition.
  let topics: [String]
  let runtime: Runtime

  /// Publishes an event.
  ///
  /// - Parameters:
  ///   - draft: The event.
  ///   - caller: The caller who sends it.
  ///   - idempotencyKey: The key under which it is sent; nil if there is none.
  ///   - now: The time.
  ///   - call: Deadline and trace.
  /// - Returns: The event's id.
  /// - Throws: `Problem` if the event breaks the rules, its school is not the caller's, its key was used for another event, or the broker
  ///   does not accept it.
  func take(
    _ draft: EventDraft, from caller: Caller, under idempotencyKey: String?, now: Timestamp, call: CallContext
  ) async throws(Problem) -> EventID {
    try checkSchool(of: draft, caller)
    var id = if let given = draft.id { given } else { try newID() }
    var record = IdempotencyRecord(timestamp: draft.timestamp ?? now, digest: draft.digest)
    try check(draft.bytes(id: id, timestamp: record.timestamp, school: caller.school), now)
    if let idempotencyKey {
      let known = try await IdempotencyRecords(sidecar: sidecar, call: call).record(
        under: idempotencyKey, caller: caller, new: record)
      record = known.record
      if draft.id == nil, let named = EventID(known.id) { id = named }
    }
    let body = draft.bytes(id: id, timestamp: record.timestamp, school: caller.school)
    let event = OutgoingEvent(body: body, contentType: "application/json", partitionKey: draft.student.text)
    guard await publisher.publish(event, to: topic(for: draft), context: call) else { throw .unavailable("the broker") }
    return id
  }

  private func checkSchool(of draft: EventDraft, _ caller: Caller) throws(Problem) {
    guard let named = draft.namedSchool, named != Array("null".utf8) else { return }
    guard let school = caller.school, named == Array("\"\(school.text)\"".utf8) else {
      throw .invalid(
        "metadata.school_id", value: String(decoding: named.prefix(100), as: UTF8.self), "must be the caller's own school, or missing")
    }
  }

  /// Validates the event in the form in which the callback will read it.
  private func check(_ body: [UInt8], _ now: Timestamp) throws(Problem) {
    do {
      try JSONDocument.parse(body) { (value) throws(JSONInvalid) in try EventReader(now: now).judge(value) }
    } catch {
      switch error {
      case .reading(let invalid): throw .invalid(invalid)
      case .malformed: throw .internalError
      }
    }
  }

  private func topic(for draft: EventDraft) -> String {
    (EventType.named(draft.type)?.type ?? .calculationRequested).topic(among: topics) ?? Topic.retry
  }

  private func newID() throws(Problem) -> EventID {
    guard let id = EventID(Digest.uuid(runtime.random(), runtime.random())) else { throw .internalError }
    return id
  }
}
