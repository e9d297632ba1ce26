internal import MasteryCore

/// An event that has been understood: what it says, of whom.
struct Event: Sendable {
  /// Whom it is about.
  let key: StudentKey
  /// What it says.
  let observation: Observation
  /// The event's type as it named it.
  let type: String
  /// When it was given to the broker, as far as somebody said.
  let deliveredAt: Timestamp?
  /// The trace that it is part of.
  let trace: EventTrace
  /// Labels that broke their rule and were left out.
  var leftOut: [EventLabel] = []
}

/// What may stand in an event beside its evidence, and does not cost the evidence where it breaks its rule.
enum EventLabel: String, CaseIterable, Sendable {
  /// The group that the student is compared with.
  case cohort = "cohort_id"
  /// The system that the event comes from.
  case source
}

/// An event that can never be taken in: why, and what of it could be read.
struct Refusal: Error, Sendable, Hashable {
  /// What is wrong, in one sentence.
  var message: String
  /// The same in one word.
  var reason = RefusalReason.malformed
  /// The rule that it breaks, in words that are the same for all that break it.
  var rule: String?
  /// The event's id, its own or its envelope's.
  var eventID: String?
  /// The event's type as it named it.
  var type: String?
  /// Whose it is; nil where its student or its school cannot be read, so that nobody knows.
  var owner: StudentKey?
  /// The time in force.
  var timestamp: Timestamp?
}
