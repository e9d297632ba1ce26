internal import MasteryCore

/// The outcome for one student's events.
enum FoldOutcome: Sendable, Hashable {
  /// The events are in the saved document, and its result is published; `forgotten` counts events dropped because of an erasure or missing
  /// consent. Events of the courses and topics in `refused` are left out.
  case folded(forgotten: Int, isWithdrawn: Bool = false, refused: Set<CourseTopic> = [])
  /// This event breaks a rule that only the document shows, which is worded here.
  case refused(String)
  /// The store or the broker is down for all students, with the reason.
  case retry(String)
  /// The events could not be processed now, for reasons that affect only this student. Endless if no number of tries makes it a failure, as
  /// with a document of a later release.
  case deferred(String, isEndless: Bool = false)
  /// This document can never accept the events, with the reason.
  case poison(String)

  /// Whether some of the student's events are left out for their course and topic.
  var refusesSome: Bool { if case .folded(_, _, let refused) = self { !refused.isEmpty } else { false } }

  /// The outcome for one of the student's events.
  func outcome(of event: Event) -> Self {
    guard case .folded(_, _, let refused) = self, !event.observation.contents.isEmpty, refused.contains(event.observation.topic) else {
      return self
    }
    return .refused("a student must have at most \(EvidenceRecord.mostTopics) pairs of course and topic, got one more")
  }
}
