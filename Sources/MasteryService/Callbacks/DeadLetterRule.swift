internal import DaprClient
internal import MasteryCore

/// Says of events that cannot be taken in whether they may be spoken of.
///
/// What a student's document forgets goes nowhere, not to the dead letters either, since they hold the event as it came.
struct DeadLetterRule: Sendable {
  /// What becomes of such an event.
  enum Verdict: Hashable, Sendable {
    /// It may become a dead letter.
    case spoken
    /// It is of an erased life, or there is no consent.
    case forgotten(isWithdrawn: Bool)
    /// It may become one, and is not kept: there is no student since the erasure.
    case unkept
    /// It may become one, and is kept once a former life of the student has been cleaned away.
    case cleaning
    /// Nobody can say for now: because nobody's document can be read, or just this student's.
    case undecided(isOutage: Bool)
  }

  let store: StudentStore
  let faults: KeyFaults
  let edge: Edge

  /// Judges events.
  ///
  /// - Parameters:
  ///   - events: Whose each is, and of when; nil where it does not say.
  ///   - context: Deadline and trace.
  /// - Returns: A verdict for each; what does not say whose it is may be spoken of.
  func verdicts(on events: [(student: StudentKey?, happenedAt: Timestamp?)], context: CallContext) async -> [Verdict] {
    var places: [StudentKey: Int] = [:]
    var keys: [StudentKey] = []
    for case (let key?, _) in events where places[key] == nil {
      places[key] = keys.count
      keys.append(key)
    }
    guard !keys.isEmpty, let found = try? await store.load(keys, context: context) else {
      return events.map { $0.student == nil ? .spoken : .undecided(isOutage: true) }
    }
    let isAnswered = await store.answers(found, context: context)
    let now = edge.now()
    faults.clear(zip(keys, found))
    return events.map { event in
      guard let key = event.student, let place = places[key] else { return .spoken }
      switch found[place].stored {
      case .document(let document): return Self.verdict(of: document, on: event.happenedAt, now: now)
      case .absent, .faulty(.unreadable): return .spoken
      case .faulty(.newerSchema): return .undecided(isOutage: false)
      // A key that cannot be read any more must not hold up its neighbours for ever.
      case .failed:
        return faults.isLasting(key, othersAnswered: isAnswered, now: now) ? .spoken : .undecided(isOutage: !isAnswered)
      }
    }
  }

  private static func verdict(of document: StudentDocument, on happenedAt: Timestamp?, now: Timestamp) -> Verdict {
    let isForgotten = document.ledger.forgets(happenedAt ?? now) || happenedAt == nil && document.isTombstone
    if isForgotten { return .forgotten(isWithdrawn: document.ledger.isConsentWithdrawn) }
    if document.isTombstone { return .unkept }
    return document.ledger.erasing == nil ? .spoken : .cleaning
  }
}
