/// The laws about access records, and about events that must be forgotten.
struct RecordLaws {
  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  // MARK: Accesses

  /// An access that is not on record exactly once.
  var unrecorded: String? {
    guard aftermath.plan.hasRights else { return nil }
    let accesses = Dictionary(grouping: aftermath.chronicle.accesses, by: \.correlationID)
    for answered in aftermath.chronicle.answered where answered.status != 400 {
      let count = accesses[answered.correlationID]?.count { $0.documentKey == answered.documentKey } ?? 0
      if count != 1 { return "\(answered.correlationID) about \(answered.documentKey) is on record \(count) times" }
    }
    return aftermath.first(unrecordedEvent)
  }

  /// An event that was dropped for lack of consent but is not on record.
  private func unrecordedEvent(_ record: Aftermath.Record) -> String? {
    // An unreadable document says nothing about consent.
    if record.isAfflicted(by: .keyFailsForGood) { return nil }
    for acknowledged in aftermath.acknowledged[record.documentKey] ?? [] {
      let (began, ended) = (acknowledged.began, acknowledged.ended)
      let spans = record.spans(from: began, to: ended)
      guard record.mustForget(.max, from: began, to: ended), !spans.isEmpty else { continue }
      let isRecorded = aftermath.chronicle.accesses.contains {
        $0.action == "event" && $0.documentKey == record.documentKey && (began...ended).contains($0.at)
      }
      if !isRecorded { return "event \(acknowledged.message.serial) was dropped without a record" }
    }
    return nil
  }

  // MARK: Dead letters

  /// A dead letter of an event that had to be dropped.
  var spokenOf: String? {
    guard aftermath.plan.hasRights else { return nil }
    let messages = Dictionary(grouping: aftermath.chronicle.messages.filter { $0.id != nil }, by: { $0.id ?? "" })
    let brought = Dictionary(grouping: aftermath.chronicle.brought, by: \.serial)
    for letter in aftermath.said where letter.topic == "mastery.dlq" && letter.namesStudent {
      // An unreadable document does not say whether the event may be mentioned.
      guard let record = aftermath.records.first(where: { $0.documentKey == letter.documentKey }),
        !record.isAfflicted(by: .keyFailsForGood, .unreadableDocument), let happened = letter.originalTime
      else { continue }
      let deliveries = (messages[letter.id] ?? []).flatMap { brought[$0.serial] ?? [] }.filter {
        $0.replica == letter.replica && $0.at <= letter.at
      }
      guard !deliveries.isEmpty, deliveries.allSatisfy({ record.mustForget(happened, from: $0.at, to: letter.at) }) else { continue }
      return "\(letter.documentKey): event \(letter.id) went to the dead letters, but had to be dropped"
    }
    return nil
  }
}
