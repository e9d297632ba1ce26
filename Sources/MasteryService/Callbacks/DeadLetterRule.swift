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

    /// The verdict of several that counts has the greatest.
    fileprivate var weight: Int {
      switch self {
      case .spoken: 0
      case .unkept: 1
      case .cleaning: 2
      case .undecided(let isOutage): isOutage ? 4 : 3
      case .forgotten: 5
      }
    }
  }

  let store: StudentStore
  let names: ForgottenNames
  let faults: UnreadableKeys
  let runtime: Runtime

  /// Judges events.
  ///
  /// An event of which nobody knows whose it is may be any of several students': one who is to be forgotten is enough for it to be.
  ///
  /// - Parameters:
  ///   - events: Whose each may be, and of when; nobody's where it names no student.
  ///   - context: Deadline and trace.
  /// - Returns: A verdict for each, and the student by whose document it goes; what names no student may be spoken of.
  func verdicts(
    on events: [(students: MeantStudents, happenedAt: Timestamp?)], context: CallContext
  ) async -> [(verdict: Verdict, student: StudentKey?)] {
    do throws(SidecarFailure) {
      // The names before the documents: a name is noted before its student's document is changed.
      let anywhere = Set(events.lazy.flatMap(\.students.anywhere)).sorted()
      let noted = try await names.students(of: anywhere, context: context)
      let meant = events.map { event in event.students.keys + event.students.anywhere.flatMap { noted[$0] ?? [] } }
      let found = try await documents(of: meant, context)
      let isAnswered = found.isEmpty ? true : await store.answers(Array(found.values), context: context)
      let now = runtime.now()
      faults.clear(found.lazy.map { ($0.key, $0.value) })
      return zip(events, meant).map { event, keys in
        let verdicts = keys.compactMap { key in
          found[key].map { (verdict: verdict(on: key, $0, event.happenedAt, isAnswered: isAnswered, now: now), student: Optional(key)) }
        }
        return verdicts.max { $0.verdict.weight < $1.verdict.weight } ?? (.spoken, nil)
      }
    } catch {
      return events.map { event in
        let isAboutNobody = event.students.keys.isEmpty && event.students.anywhere.isEmpty
        return (isAboutNobody ? .spoken : .undecided(isOutage: true), event.students.keys.first)
      }
    }
  }

  private func documents(
    of students: [[StudentKey]], _ context: CallContext
  ) async throws(SidecarFailure) -> [StudentKey: StudentStore.Found] {
    let keys = Array(Set(students.joined())).sorted { $0.documentKey < $1.documentKey }
    return Dictionary(uniqueKeysWithValues: zip(keys, try await store.load(keys, context: context)))
  }

  private func verdict(
    on key: StudentKey, _ found: StudentStore.Found, _ happenedAt: Timestamp?, isAnswered: Bool, now: Timestamp
  ) -> Verdict {
    switch found.stored {
    case .document(let document): Self.verdict(of: document, on: happenedAt, now: now)
    case .absent, .faulty(.unreadable): .spoken
    case .faulty(.newerSchema): .undecided(isOutage: false)
    // A key that cannot be read any more must not hold up its neighbours for ever.
    case .failed: faults.isLasting(key, othersAnswered: isAnswered, now: now) ? .spoken : .undecided(isOutage: !isAnswered)
    }
  }

  private static func verdict(of document: StudentDocument, on happenedAt: Timestamp?, now: Timestamp) -> Verdict {
    let isForgotten = document.ledger.forgets(happenedAt ?? now) || happenedAt == nil && document.isTombstone
    if isForgotten { return .forgotten(isWithdrawn: document.ledger.isConsentWithdrawn) }
    if document.isTombstone { return .unkept }
    return document.ledger.erasing == nil ? .spoken : .cleaning
  }
}
