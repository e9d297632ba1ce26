internal import DaprClient
internal import JSON

extension WorldParts {
  /// Handles an event that a replica deferred: it goes to the end of the retry topic.
  ///
  /// Of events with the same content, it is one that the replica is processing right now.
  func putAside(_ published: SimulatedSidecar.Published, _ broker: SimulatedBroker) {
    let read = try? JSONDocument.parse(published.event.body) { (root) throws(Never) -> Deferral? in
      guard let data = root["data"], data["event_type"]?.string == "event.deferred" else { return nil }
      let facts = ["original_topic", "original_payload", "envelope_id", "broker_id"].map { data[$0]?.string ?? "" }
      let times = ["envelope_time", "broker_time"].map { data[$0]?.integer.map(String.init) ?? "" }
      return Deferral(
        topic: data["original_topic"]?.string ?? "", payload: data["original_payload"]?.string ?? "",
        envelopeID: data["envelope_id"]?.string, publishedAt: data["broker_time"]?.integer,
        copy: Message.Copy(
          event: (facts + times).joined(separator: "|"), generation: data["first_deferred_at"]?.integer ?? 0,
          number: data["copies"]?.integer.flatMap { Int(exactly: $0) } ?? 0,
          id: root["id"]?.string ?? ""),
        judgedAt: data["judged_at"]?.integer ?? .min)
    }
    let messages = chronicle.content.messages
    let deferral = read ?? nil
    let found = deferral.map { deferral in
      let same = messages.filter(deferral.isOf)
      let candidates = same.isEmpty ? messages.filter(deferral.mayBeOf) : same
      let own = candidates.filter { Handling.current?.events.contains($0.serial) ?? false }
      return own.isEmpty ? candidates : own
    }
    guard let deferral, let found, let event = broker.held(among: found) ?? found.last else {
      return chronicle.note {
        $0.brokenAnswers.append("an unknown event was deferred: \(String(decoding: published.event.body, as: UTF8.self))")
      }
    }
    broker.putAside(
      event, as: String(decoding: published.event.body, as: UTF8.self), deferral.copy, judgedAt: deferral.judgedAt,
      key: published.event.partitionKey ?? "")
  }
}

/// What a deferred event says about its original.
private struct Deferral {
  let topic: String
  let payload: String
  let envelopeID: String?
  let publishedAt: Int64?
  let copy: Message.Copy
  let judgedAt: Int64

  /// Whether that message is the original.
  func isOf(_ message: Message) -> Bool {
    guard mayBeOf(message) else { return false }
    if let envelopeID { return message.form.hasOwnEnvelope && envelopeID == message.envelopeID }
    return publishedAt.map { $0 == message.publishedAt } ?? true
  }

  /// Whether that message may be the original; messages with the same content count as one event.
  func mayBeOf(_ message: Message) -> Bool {
    message.topic == topic && (message.text == payload || Self.compact(message.text) == payload)
  }

  /// The text as the service rewrites it.
  private static func compact(_ text: String) -> String? {
    try? JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in
      String(decoding: root.compactBytes, as: UTF8.self)
    }
  }
}
