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
}

/// An event that can never be taken in: why, and what of it could be read.
struct Refusal: Error, Sendable, Hashable {
  /// What is wrong, in one sentence.
  var message: String
  /// The event's id, its own or its envelope's.
  var eventID: String?
  /// The event's type as it named it.
  var type: String?
  /// Whose it is; nil where its student or its school cannot be read, so that nobody knows.
  var owner: StudentKey?
  /// The time in force.
  var timestamp: Timestamp?
}
