internal import MasteryCore

/// An event that can never be accepted: the reason, and the fields that could be read.
struct EventRejection: Error, Sendable, Hashable {
  /// The fault in one sentence.
  var message: String
  /// The fault as a code.
  var reason = RejectionReason.malformed
  /// The broken rule, worded the same for all events that break it.
  var rule: String?
  /// The event's id, from the event or its envelope.
  var eventID: String?
  /// The type as named in the event.
  var type: String?
  /// The owner; nil if the student or school cannot be read, so that the owner is unknown.
  var owner: StudentKey?
  /// The event's effective time.
  var timestamp: Timestamp?
  /// The system that sent it, if it is named.
  var source: String?
}
