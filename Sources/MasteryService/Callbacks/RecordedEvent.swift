internal import JSON
public import MasteryCore

/// An event of a course as a file keeps it, read by the rules for events from the broker; only the clock is no matter.
public struct RecordedEvent: Hashable, Sendable {
  /// Whom it is about.
  public let key: StudentKey
  /// What it says.
  public let observation: Observation

  /// Reads one JSON text; nil where it is no event that the service would take.
  public init?(_ text: UnsafeRawBufferPointer) {
    let read = try? JSONDocument.parse(text) { root in
      try? EventReader(now: .latest).event(from: root, DeliveryMetadata())
    }
    guard let event = read ?? nil else { return nil }
    key = event.key
    observation = event.observation
  }
}
