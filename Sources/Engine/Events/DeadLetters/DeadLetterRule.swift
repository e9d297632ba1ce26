internal import DaprClient
internal import MasteryCore

/// Decides whether events that could not be processed may become dead letters.
///
/// Events that a student's document forgets are dropped completely. They do not become dead letters either, because a dead letter contains
/// the original event.
struct DeadLetterRule: Sendable {
  /// The decision about such an event.
  enum Verdict: Hashable, Sendable {
    /// It may become a dead letter.
    case spoken
    /// It belongs to an erased life, or consent is withdrawn.
    case forgotten(isWithdrawn: Bool)
    /// It may become a dead letter, but is not stored: the student has been erased.
    case unkept
    /// It may become a dead letter, and is stored once a former life of the student has been cleaned up.
    case cleaning
    /// It cannot be decided now.
    case undecided(Doubt)

    /// Why a verdict has to wait, the weightiest last.
    enum Doubt: Int, Hashable, Sendable {
      /// Only this student's document cannot be read.
      case unreadableKey = 3
      /// A later release wrote the document, and knows what it forbids: that takes as long as it takes.
      case laterRelease
      /// No document can be read.
      case outage
    }

    /// Of several verdicts, the one with the greatest weight counts.
    fileprivate var weight: Int {
      switch self {
      case .spoken: 0
      case .unkept: 1
      case .cleaning: 2
      case .undecided(let doubt): doubt.rawValue
      case .forgotten: 6
      }
    }
  }

  /// Number of documents read in one request.
  private static let atOnce = 500

  let store: StudentStore
  let names: ForgottenNames
  let faults: UnreadableKeys
  let runtime: Runtime

  /// Judges events.
  ///
  /// An event whose owner is unknown may belong to any of several students; it is forgotten if at least one of them has to be, or if they
  /// are too many to find that out.
  ///
  /// - Parameters:
  ///   - events: The possible owners and the time of each event; no owners if it names no student.
  ///   - context: Deadline and trace.
  /// - Returns: A verdict for each event, and the student whose document decided it; an event without a student may become a dead letter.
  func verdicts(
    on events: [(students: MeantStudents, happenedAt: Timestamp?)], context: CallContext
  ) async -> [(verdict: Verdict, student: StudentKey?)] {
    do throws(SidecarFailure) {
      // Names are read before documents, because a name is noted before its student's document changes.
      let anywhere = Set(events.lazy.flatMap(\.students.anywhere)).sorted()
      let noted = try await names.students(of: anywhere, context: context)
      let meant = events.map { event in
        event.students.keys + event.students.anywhere.flatMap { noted[$0] ?? [] }.filter(event.students.includes)
      }
      let found = try await documents(of: meant, context)
      let isAnswered = found.isEmpty ? true : await store.answers(Array(found.values), context: context)
      let now = runtime.now()
      faults.clear(found.lazy.map { ($0.key, $0.value) })
      return zip(events, meant).map { event, keys in
        guard !event.students.areTooMany else { return (.forgotten(isWithdrawn: false), nil) }
        let verdicts = keys.compactMap { key in
          found[key].map { (verdict: verdict(on: key, $0, event.happenedAt, isAnswered: isAnswered, now: now), student: Optional(key)) }
        }
        return verdicts.max { $0.verdict.weight < $1.verdict.weight } ?? (.spoken, nil)
      }
    } catch {
      return events.map { event in
        guard !event.students.areTooMany else { return (.forgotten(isWithdrawn: false), nil) }
        return (event.students.isEmpty ? .spoken : .undecided(.outage), event.students.keys.first)
      }
    }
  }

  private func documents(
    of students: [[StudentKey]], _ context: CallContext
  ) async throws(SidecarFailure) -> [StudentKey: StudentStore.Found] {
    let keys = Array(Set(students.joined())).sorted { $0.documentKey < $1.documentKey }
    var found: [StudentKey: StudentStore.Found] = [:]
    for piece in keys.pieces(of: Self.atOnce) {
      for (key, stored) in zip(piece, try await store.load(Array(piece), context: context)) { found[key] = stored }
    }
    return found
  }

  private func verdict(
    on key: StudentKey, _ found: StudentStore.Found, _ happenedAt: Timestamp?, isAnswered: Bool, now: Timestamp
  ) -> Verdict {
    switch found.stored {
    case .document(let document): Self.verdict(of: document, on: happenedAt, now: now)
    case .absent, .faulty(.unreadable): .spoken
    case .faulty(.newerSchema): .undecided(.laterRelease)
    // A key that has become unreadable must not hold up its neighbours forever.
    case .failed: faults.isLasting(key, othersAnswered: isAnswered, now: now) ? .spoken : .undecided(isAnswered ? .unreadableKey : .outage)
    }
  }

  private static func verdict(of document: StudentDocument, on happenedAt: Timestamp?, now: Timestamp) -> Verdict {
    let isForgotten = document.ledger.forgets(happenedAt ?? now) || happenedAt == nil && document.isTombstone
    if isForgotten { return .forgotten(isWithdrawn: document.ledger.isConsentWithdrawn) }
    if document.isTombstone { return .unkept }
    return document.ledger.erasing == nil ? .spoken : .cleaning
  }
}
