internal import MasteryCore

/// A parsed event: the student and the observation.
struct Event: Sendable {
  /// The student.
  let key: StudentKey
  /// The event's observation.
  let observation: Observation
  /// The type as named in the event.
  let type: String
  /// When it was published, if known and possible.
  let deliveredAt: Timestamp?
  /// The event's trace.
  let trace: EventTrace
  /// Labels left out because they broke their rule.
  var leftOut: [EventLabel] = []
}

/// Optional fields beside the evidence; an invalid one does not invalidate the evidence.
enum EventLabel: String, CaseIterable, Sendable {
  /// The group that the student is compared with.
  case cohort = "cohort_id"
  /// The system that the event comes from.
  case source
}

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
}
