internal import NaiveMastery

// The law about corrected events.

extension EvidenceLaws {
  /// An earlier account of an event that was saved after a later one was acknowledged.
  ///
  /// What is saved before the acknowledgement may come from a replica that did not know the later account yet.
  var uncorrected: String? {
    guard !record.isAfflicted(by: .unreadableDocument) else { return nil }
    for acknowledged in inForce where acknowledged.message.content.correction > 0 {
      guard let event = acknowledged.message.naive else { continue }
      for revision in record.revisions where revision.at > acknowledged.ended && !revision.isForeign {
        if let item = revision.document.items.first(where: { Self.isSuperseded($0, by: event) }) {
          let account = event.isRetracted ? "was taken back" : "was corrected"
          return "revision \(revision.document.revision) has \(item.component) of \(item.event) by account \(item.correction), which "
            + "\(account) by account \(event.correction)"
        }
      }
    }
    return nil
  }

  /// Whether the item is an earlier account of the same event about the same place.
  private static func isSuperseded(_ item: StoredDocument.Item, by event: NaiveEvent) -> Bool {
    guard item.event == event.id, item.milliseconds == event.milliseconds, item.place == event.place, event.parts[item.component] != nil
    else { return false }
    if item.correction == event.correction { return event.isRetracted && item.fields != nil }
    return item.correction < event.correction
  }
}
