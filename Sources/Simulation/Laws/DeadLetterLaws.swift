/// The laws about what goes to the dead letters.
struct DeadLetterLaws {
  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  /// A dead letter that should not be one, or one that is missing.
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
        if !isRefused { return "event \(letter.id) was refused, and is right" }
      default:
        let isAfflicted = aftermath.records.contains {
          $0.documentKey == letter.documentKey && $0.isAfflicted(by: .unreadableDocument, .keyFailsForGood, .saveRefused)
        }
        if !isAfflicted { return "event \(letter.id) went to the dead letters, and nothing is wrong with its document" }
      }
    }
    return nil
  }

  private func missing(_ dead: [SaidEvent]) -> String? {
    let refused = dead.filter { $0.errorType == "validation_error" }
    for acknowledged in aftermath.chronicle.acknowledged where acknowledged.wasRefused {
      guard !refused.contains(where: { Self.matches(acknowledged.message, $0) }), !mayBeForgotten(acknowledged) else { continue }
      return "event \(acknowledged.message.serial) had to be refused, and is not among the dead letters"
    }
    return nil
  }

  /// Whether the event was of an erased life, or without consent, at some moment of its delivery.
  private func mayBeForgotten(_ acknowledged: Chronicle.Acknowledged) -> Bool {
    let record = aftermath.records.first { $0.documentKey == acknowledged.message.content.documentKey }
    return record?.mayForget(acknowledged.message.milliseconds ?? .min, from: acknowledged.began, to: acknowledged.ended) ?? false
  }

  private static func matches(_ message: Message, _ letter: SaidEvent) -> Bool {
    message.id.map { $0 == letter.id } ?? (message.text == letter.payload)
  }
}
