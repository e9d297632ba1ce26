internal import DaprClient
internal import MasteryCore

/// A stored document, and what there is to publish of it.
struct ComposedDocument: Sendable {
  let document: StudentDocument
  /// The student's result; nil if no evidence has been saved yet.
  let result: OutgoingEvent?
  let announcements: [(topic: String, event: OutgoingEvent)]
}
