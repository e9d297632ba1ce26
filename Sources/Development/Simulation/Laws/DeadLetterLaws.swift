internal import JSON

/// The laws about dead letters.
struct DeadLetterLaws {
  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  /// A dead letter that should not exist, or one that is missing.
  var breach: String? {
    let dead = aftermath.said.filter { $0.topic == "mastery.dlq" }
    if dead.count != aftermath.chronicle.said.count(where: { $0.topic == "mastery.dlq" }) { return "a dead letter cannot be read" }
    return unfounded(dead) ?? missing(dead)
  }

  private func unfounded(_ dead: [SaidEvent]) -> String? {
    for letter in dead {
      switch letter.errorType {
      case "validation_error":
        let isRefused = aftermath.chronicle.messages.contains {
          Self.matches($0, letter) && aftermath.chronicle.refusals.contains($0.serial)
        }
        if !isRefused { return "event \(letter.id) was refused, but is valid" }
      default:
        let isAfflicted = aftermath.records.contains {
          $0.documentKey == letter.documentKey && $0.isAfflicted(by: .unreadableDocument, .keyFailsForGood, .saveRefused)
        }
        if !isAfflicted { return "event \(letter.id) went to the dead letters, but nothing is wrong with its document" }
      }
    }
    return nil
  }

  private func missing(_ dead: [SaidEvent]) -> String? {
    let refused = dead.filter { $0.errorType == "validation_error" }
    for acknowledged in aftermath.chronicle.acknowledged where acknowledged.wasRefused {
      guard !refused.contains(where: { Self.matches(acknowledged.message, $0) }), !mayBeForgotten(acknowledged) else { continue }
      return "event \(acknowledged.message.serial) had to be refused, but is not among the dead letters"
    }
    return nil
  }

  /// Whether the event belonged to an erased life, or lacked consent, at some point during its delivery.
  private func mayBeForgotten(_ acknowledged: Chronicle.Acknowledged) -> Bool {
    let record = aftermath.records.first { $0.documentKey == acknowledged.message.content.documentKey }
    return record?.mayForget(acknowledged.message.milliseconds ?? .min, from: acknowledged.began, to: acknowledged.ended) ?? false
  }

  // MARK: Messages that are not events

  private static let hour: Int64 = 3_600_000
  /// The minimum time for which dead letters are kept, in milliseconds.
  private static let lifetime: Int64 = 29 * 24 * hour

  /// A message that is not an event and was consumed from the dead letter topic without being stored.
  var unkept: String? {
    // By a clock that is a year off, every stored dead letter has expired, or none has.
    guard !aftermath.plan.hasClockFarOff else { return nil }
    guard !aftermath.chronicle.afflictedAside.contains(where: { $0.hasPrefix("dlq:none") }) else { return nil }
    let end = aftermath.plan.start + Int64(aftermath.plan.deadline)
    let due = aftermath.chronicle.buried.filter { $0.publishedAt > end - Self.lifetime }
    guard !due.isEmpty else { return nil }
    let kept = aftermath.beside.filter { $0.key.hasPrefix("dlq:none") }.reduce(into: Set<String>()) {
      $0.formUnion(Self.payloads($1.value))
    }
    let missing = due.first { message in
      let bytes = message.bytes
      // A JSON string that holds an object is an envelope around it; any other string stays as it came.
      let held = (try? JSONDocument.parse(bytes) { (root) throws(Never) in root.string }) ?? nil
      let text = held.flatMap { $0.hasPrefix("{") ? $0 : nil } ?? String(decoding: bytes, as: UTF8.self)
      return !kept.contains(Callback.base64(bytes)) && !kept.contains(text)
    }
    return missing.map { "message \($0.serial) is not an event, was consumed from the dead letter topic, and is not stored" }
  }

  /// The payloads of the dead letters in a stored piece, as stored.
  private static func payloads(_ piece: [UInt8]) -> [String] {
    let read = try? JSONDocument.parse(piece) { (root) throws(Never) in
      (root["records"]?.elements ?? root.elements).compactMap { record -> String? in
        var parts = record.elements
        _ = parts.next()
        _ = parts.next()
        return parts.next()?["original_payload"]?.string
      }
    }
    return read ?? []
  }

  private static func matches(_ message: Message, _ letter: SaidEvent) -> Bool {
    message.id.map { $0 == letter.id } ?? (message.text == letter.payload)
  }
}
