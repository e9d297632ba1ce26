internal import MasteryCore

/// A parsed event: the student and the observation.
struct Event: Sendable {
  /// The student.
  let key: StudentKey
  /// The event's observation.
  let observation: Observation
  /// The type.
  let kind: EventType
  /// The type as named in the event.
  let type: String
  /// When it was published, if known and possible.
  let deliveredAt: Timestamp?
  /// The event's trace.
  let trace: EventTrace
  /// Labels left out because they broke their rule.
  var leftOut: [EventLabel] = []
}
