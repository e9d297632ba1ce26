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
  /// The student, where the id is one.
  var student: StudentID?
  /// The school, where the id is one.
  var school: SchoolID?
  /// The time in force.
  var timestamp: Timestamp?

  /// The student with the school, where it says whose it is.
  var key: StudentKey? { student.map { StudentKey(school: school, student: $0) } }
}
