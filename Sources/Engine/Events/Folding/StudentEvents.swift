internal import MasteryCore

/// The events of one student in a delivery.
struct StudentEvents: Sendable {
  let key: StudentKey
  var observations: [Observation]
  /// The latest time at which one of them was published, if known.
  var deliveredAt: Timestamp?
  /// The trace of the latest event that has one.
  var trace = EventTrace()

  /// Appends the same student's events from another delivery.
  mutating func append(_ other: Self) {
    observations.append(contentsOf: other.observations)
    deliveredAt = [deliveredAt, other.deliveredAt].compactMap(\.self).max()
    if other.trace.parent != nil { trace = other.trace }
  }
}
