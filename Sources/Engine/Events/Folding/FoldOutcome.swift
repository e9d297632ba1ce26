/// The outcome for one student's events.
enum FoldOutcome: Sendable, Hashable {
  /// The events are in the saved document, and its result is published; `forgotten` counts events dropped because of an erasure or missing
  /// consent.
  case folded(forgotten: Int, isWithdrawn: Bool = false)
  /// The store or the broker is down for all students, with the reason.
  case retry(String)
  /// The events could not be processed now, for reasons that affect only this student. Endless if no number of tries makes it a failure, as
  /// with a document of a later release.
  case deferred(String, isEndless: Bool = false)
  /// This document can never accept the events, with the reason.
  case poison(String)
}
