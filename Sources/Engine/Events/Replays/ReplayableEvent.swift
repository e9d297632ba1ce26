internal import DaprClient
internal import JSON
internal import MasteryCore

/// The event that a dead letter is replayed as: its original or the repaired event, in the envelope that makes it the same event.
struct ReplayableEvent: Sendable {
  /// The reason why a letter cannot be replayed, in words.
  struct Obstacle: Error, Hashable {
    let reason: String
  }

  /// The event as whoever consumes it reads it.
  let event: Event
  /// The event to publish.
  let outgoing: OutgoingEvent

  /// Creates the event, which is held against the rules for events and against its letter.
  ///
  /// The letter's id and time are in the envelope and not in the event, because a correction has to say itself which event it corrects.
  ///
  /// - Parameters:
  ///   - letter: The letter.
  ///   - content: Its original, or the repaired event.
  ///   - isRepaired: Whether it is the repaired event.
  ///   - now: The time.
  /// - Throws: `Obstacle` if it would be refused, or is not the letter's event.
  init(_ letter: KeptDeadLetter, _ content: [UInt8], isRepaired: Bool, now: Timestamp) throws(Obstacle) {
    guard isRepaired || letter.isWhole else {
      throw Obstacle(reason: "only the first bytes of \(letter.length) are kept: it has to be replayed with the repaired event")
    }
    let envelope = try Self.envelope(letter, content, now)
    let read = DeliveryReader(now: now).single(envelope, DeliveryMetadata())
    switch read.entries[0].content {
    case .success(let event): self.event = event
    case .failure(let rejection): throw Obstacle(reason: rejection.message)
    }
    try Self.check(event, against: letter)
    outgoing = CloudEvent.outgoing(envelope, partitionKey: event.key.student.text)
  }

  private static func envelope(_ letter: KeptDeadLetter, _ content: [UInt8], _ now: Timestamp) throws(Obstacle) -> [UInt8] {
    let written = try? content.withUnsafeBufferPointer { bytes in
      try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(bytes)) { (root) throws(Never) -> [UInt8]? in
        guard root.kind == .object else { return nil }
        let hasTime = root["timestamp"].map { !$0.isNull } ?? false
        return JSONWriter.object(capacity: bytes.count + 512) { json in
          json.member("specversion", "1.0" as StaticString)
          json.member("id", letter.id)
          json.member("source", CloudEvent.source)
          json.member("type", root["event_type"]?.string ?? "event")
          // Without any time the event is refused: the day of its replay is not the day on which it happened.
          if let time = hasTime ? now : letter.happenedAt { json.member("time", time.iso8601) }
          json.member("datacontenttype", "application/json" as StaticString)
          json.member("data", root)
        }
      }
    }
    guard let envelope = written ?? nil else { throw Obstacle(reason: "the event is not JSON, or no object") }
    return envelope
  }

  /// Whatever is repaired, it stays the same event of the same student: a letter is no way to bring in another one.
  private static func check(_ event: Event, against letter: KeptDeadLetter) throws(Obstacle) {
    func same(_ field: String, _ value: String?, _ expected: String?) throws(Obstacle) {
      guard value != expected else { return }
      throw Obstacle(reason: "\(field) must be that of the dead letter, \(expected ?? "none"), got \(value ?? "none")")
    }
    try same("event_id", event.observation.event.text, letter.id)
    if let owner = letter.owner {
      try same("student_id", event.key.student.text, owner.student.text)
      try same("school_id", event.key.school?.text, owner.school?.text)
    }
    let time = event.observation.timestamp
    guard time != letter.happenedAt else { return }
    // A time that could not be read, or was in the future, may be what is repaired; but nothing fails before it has happened.
    if let happenedAt = letter.happenedAt, happenedAt <= letter.failedAt {
      try same("timestamp", time.iso8601, happenedAt.iso8601)
    }
    guard time <= letter.failedAt else {
      throw Obstacle(reason: "timestamp must be at most that of the failure, \(letter.failedAt.iso8601), got \(time.iso8601)")
    }
  }
}
