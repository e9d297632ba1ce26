internal import MasteryCore

/// The events of a student whose lane is held, and the deliveries that wait for their outcome.
struct HeldLane {
  var events: StudentEvents
  var awaited: [AwaitedOutcome]
}

extension HeldLane {
  /// A lane that includes the events waiting behind it.
  init(_ waiting: some Sequence<StudentLanes.Waiting>, behind held: HeldLane) {
    self = held
    for other in waiting {
      events.append(other.events)
      awaited.append(other.awaited)
    }
  }
}
