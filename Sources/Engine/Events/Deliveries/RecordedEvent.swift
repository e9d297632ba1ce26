internal import JSON
public import MasteryCore

/// An event of a course as stored in a file, read by the rules for broker events; only the clock is not checked.
public struct RecordedEvent: Hashable, Sendable {
  /// The student.
  public let key: StudentKey
  /// The event's observation.
  public let observation: Observation

  /// Reads one JSON text; nil if the service would refuse it.
  public init?(_ text: UnsafeRawBufferPointer) {
    let read = try? JSONDocument.parse(text) { root in
      try? EventReader(now: .latest).event(from: root, DeliveryMetadata())
    }
    guard let event = read ?? nil else { return nil }
    key = event.key
    observation = event.observation
  }
}
