internal import DaprClient
internal import MasteryCore

/// What a delivery brought of one student.
struct StudentEvents: Sendable {
  let key: StudentKey
  var observations: [Observation]
  /// The latest moment at which the broker was given one of them, as far as somebody said.
  var deliveredAt: Timestamp?
  /// The trace of the latest of them that names one.
  var trace = EventTrace()

  /// The same student's events of another delivery behind these.
  mutating func append(_ other: Self) {
    observations.append(contentsOf: other.observations)
    deliveredAt = [deliveredAt, other.deliveredAt].compactMap(\.self).max()
    if other.trace.parent != nil { trace = other.trace }
  }
}

/// How the events of one student fared.
enum FoldOutcome: Sendable, Hashable {
  /// They stand in the saved document, and what it says is published. How many of them go nowhere: erased, or without consent.
  case folded(forgotten: Int, isWithdrawn: Bool = false)
  /// The store or the broker is down for everybody; why.
  case retry(String)
  /// They could not be taken in for now, and that is this student's trouble alone; why. Endless where no number of tries makes it a
  /// failure, as with a document of a later release.
  case deferred(String, isEndless: Bool = false)
  /// They can never be taken in by this document; why.
  case poison(String)
}

/// Folds events into student documents: load, apply, save, and where another was faster once more from what stands there now;
/// then publish what stands in the store.
///
/// What is saved goes in pieces side by side and what is published topic by topic at once, so that sidecar, store and broker have more than
/// one thing to do; but each call costs, so there are few.
struct Fold: Sendable {
  /// Announcements that may wait in a document; beyond, nothing is saved until the broker takes some.
  static let outboxLimit = 64
  private static let day: Int64 = 86_400_000

  let store: StudentStore
  let publisher: EventPublisher
  let faults: UnreadableKeys
  let metrics: Metrics
  let runtime: Runtime

  /// Most pieces that are saved side by side.
  private static let pieces = 2
  /// A piece has so many documents at least, since each is a request.
  private static let smallestPiece = 100

  /// Folds the events of several students, and publishes what came of it.
  ///
  /// - Returns: How they fared, in the order of the students.
  func run(_ batch: [StudentEvents], context: CallContext) async -> [FoldOutcome] {
    let attempt = await settled(batch, context)
    let places = attempt.documents.indices.filter { if case .some = attempt.documents[$0] { true } else { false } }
    let said = places.compactMap { place in attempt.documents[place].map { SaidDocument(document: $0, trace: batch[place].trace) } }
    var outcomes = attempt.outcomes
    switch await publisher.publish(said, context: context) {
    case .all: break
    case .none: for place in places { outcomes[place] = .retry("the broker does not take results") }
    case .without(let untaken): for place in untaken { outcomes[places[place]] = .deferred("the broker does not take the result") }
    }
    return outcomes
  }

  private func settled(_ batch: [StudentEvents], _ context: CallContext) async -> FoldAttempt {
    var attempt = FoldAttempt(batch)
    for count in 1...StudentStore.tries {
      await load(&attempt, context)
      guard !attempt.open.isEmpty else { break }
      if await save(&attempt, context) { break }
      guard count < StudentStore.tries else {
        await giveUp(&attempt, context)
        break
      }
      await runtime.pause(afterTry: count)
    }
    metrics.count(attempt.judged.compactMap(\.self))
    metrics.countUnplaced(attempt.unplaced.reduce(0, +))
    return attempt
  }

  /// Ends what could not be saved: where the store saves for nobody, that is no student's own trouble.
  private func giveUp(_ attempt: inout FoldAttempt, _ context: CallContext) async {
    let isOutage: Bool
    if attempt.hasSeenSaves { isOutage = false } else { isOutage = await !store.sidecar.savesProbe(context: context) }
    let why = "the document could not be saved in \(StudentStore.tries) tries: \(attempt.failure ?? "others were faster")"
    attempt.end(attempt.open, isOutage ? .retry(why) : .deferred(why))
  }

  /// Reads what stands there and applies what is left to do; whoever needs no save is done.
  private func load(_ attempt: inout FoldAttempt, _ context: CallContext) async {
    let positions = attempt.open
    attempt.begin()
    var found: [StudentStore.Found]
    do {
      found = try await store.load(
        positions.map { attempt.batch[$0].key }, announcements: .unpublished(publisher.confirmed), context: context)
    } catch {
      return attempt.end(positions, .retry("the state store does not answer: \(error)"))
    }
    let now = runtime.now()
    faults.clear(zip(positions.map { attempt.batch[$0].key }, found))
    let someAnswered = await store.answers(found, context: context)
    for (place, position) in positions.enumerated() {
      let events = attempt.batch[position]
      attempt.note(found[place].condition, at: position)
      // Taken out, so that the document is held here alone and changed where it is.
      let stored = found[place].stored
      found[place].stored = .absent
      switch consume stored {
      case .absent:
        let document = StudentDocument(
          student: events.key.student, school: events.key.school, cut: cut(for: events, now: now), epoch: epoch(for: events, now: now))
        apply(events, to: document, .absent, at: position, now: now, &attempt)
      case .document(let document):
        apply(events, to: document, found[place].condition ?? .absent, at: position, now: now, &attempt)
      case .faulty(.newerSchema(let schema)):
        attempt.end([position], .deferred("the document has schema \(schema), which a later release wrote", isEndless: true))
      case .faulty(.unreadable(let why)): attempt.end([position], .poison("the stored document cannot be read: \(why)"))
      case .failed(let why):
        attempt.end([position], someAnswered ? .deferred("the document's key cannot be read: \(why)") : .retry(why))
      }
    }
  }

  private func apply(
    _ events: StudentEvents, to document: consuming StudentDocument, _ condition: SaveItem.Condition, at position: Int,
    now: Timestamp, _ attempt: inout FoldAttempt
  ) {
    // Only a full outbox needs what stood there before.
    let standing = document.ledger.outbox.count >= Self.outboxLimit - 1 ? copy document : nil
    let version = DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision)
    let change = document.applying(
      events.observations, now: now, cut: cut(for: events, now: now),
      isPublished: publisher.confirmed.contains(version, of: events.key))
    attempt.outcomes[position] = .folded(
      forgotten: change.forgotten.count, isWithdrawn: change.document.ledger.isConsentWithdrawn)
    guard change.isChanged else {
      // Events that go nowhere are no reason to say anything of a student either.
      if change.forgotten.count < events.observations.count { attempt.documents[position] = change.document }
      return
    }
    var changed = change.document
    changed.ledger.outbox.append(contentsOf: change.announcements.map { $0.outboxEntry(for: events.key, events.trace) })
    guard changed.ledger.outbox.count <= Self.outboxLimit else {
      attempt.end([position], .deferred("\(changed.ledger.outbox.count) announcements wait for the broker"))
      // What stands in the store is published, so that the outbox empties.
      attempt.documents[position] = standing
      return
    }
    let bytes = StudentDocumentWriter.bytes(of: changed)
    guard bytes.count <= StudentStore.documentLimit else {
      return attempt.end(
        [position], .deferred("the document must have at most \(StudentStore.documentLimit) bytes, got \(bytes.count)"))
    }
    attempt.documents[position] = changed
    attempt.judged[position] = change.judged
    attempt.unplaced[position] = change.unplaced
    attempt.open.append(position)
    attempt.saving.append(
      StudentStore.Saving(key: events.key, bytes: bytes, condition: condition, secondsToLive: store.secondsToLive(changed.ledger)))
  }

  /// The cut rises with the clock, but never further than a day beyond what the delivery itself says the time is.
  ///
  /// Where nobody says so, the events' own times stand in: one wrong clock must not take away what is to be kept.
  private func cut(for events: StudentEvents, now: Timestamp) -> Day {
    let brought = events.deliveredAt ?? events.observations.lazy.map(\.timestamp).max() ?? now
    return Day(min(now, brought.adding(milliseconds: Self.day))).advanced(by: -store.retentionDays)
  }

  /// The second of a document's making, as the delivery tells it to within a day: a wrong clock would set it before an earlier life's,
  /// or so far ahead that a later life could not be above it.
  private func epoch(for events: StudentEvents, now: Timestamp) -> Int64 {
    guard let delivered = events.deliveredAt else { return now.seconds }
    return min(max(now, delivered), delivered.adding(milliseconds: Self.day)).seconds
  }

  /// Saves what has changed; true when all of it stands, false when some must be read again.
  private func save(_ attempt: inout FoldAttempt, _ context: CallContext) async -> Bool {
    do {
      try await saveSideBySide(attempt.saving, context)
      return true
    } catch .refused where attempt.saving.count > 1 {
      return await saveSingly(&attempt, context)
    } catch .refused(_, _, let message) {
      attempt.end(attempt.open, .deferred("the store refuses the document: \(message)"))
      return true
    } catch {
      attempt.failure = "\(error)"
      return false
    }
  }

  /// Saves documents in pieces at the same time.
  ///
  /// - Throws: The failure of a piece: one that is not a refusal where there is one, since a refusal may end what it is about.
  private func saveSideBySide(_ saving: [StudentStore.Saving], _ context: CallContext) async throws(SidecarFailure) {
    let pieces = saving.pieces(of: max(Self.smallestPiece, (saving.count + Self.pieces - 1) / Self.pieces))
    guard pieces.count > 1 else { return try await store.save(saving, context: context) }
    let failures = await withTaskGroup(of: SidecarFailure?.self) { group in
      for piece in pieces {
        group.addTask {
          do throws(SidecarFailure) {
            try await store.save(Array(piece), context: context)
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: [SidecarFailure]()) { if let failure = $1 { $0.append(failure) } }
    }
    if let failure = failures.first(where: { if case .refused = $0 { false } else { true } }) ?? failures.first { throw failure }
  }

  /// One document that the store refuses must not harm its neighbours: each is saved by itself.
  private func saveSingly(_ attempt: inout FoldAttempt, _ context: CallContext) async -> Bool {
    var again: [Int] = []
    for (position, saving) in zip(attempt.open, attempt.saving) {
      do {
        try await store.save([saving], context: context)
        attempt.hasSeenSaves = true
      } catch .refused(_, _, let message) {
        attempt.end([position], .deferred("the store refuses the document: \(message)"))
      } catch {
        attempt.failure = "\(error)"
        again.append(position)
      }
    }
    attempt.open = again
    return again.isEmpty
  }
}

/// What a fold has come to so far, by position in its batch.
private struct FoldAttempt: Sendable {
  let batch: [StudentEvents]
  var outcomes: [FoldOutcome]
  /// What stands in the store, or will once its save has succeeded.
  var documents: [StudentDocument?]
  /// How the forecasts fared whose day was over; counted only once the document is saved that they have left.
  var judged: [WeeklyForecast.Outcome?]
  /// How many events named a cohort that was left out.
  var unplaced: [Int]
  /// Positions still to be saved.
  var open: [Int]
  /// What is to be saved for each of `open`.
  var saving: [StudentStore.Saving] = []
  /// Whether something was saved since the first reading, by whomever: then the store takes documents.
  var hasSeenSaves = false
  /// What the last save came to that failed.
  var failure: String?
  /// Under which condition each position could last be replaced.
  private var conditions: [Int: SaveItem.Condition] = [:]

  init(_ batch: [StudentEvents]) {
    self.batch = batch
    outcomes = Array(repeating: .retry("not tried"), count: batch.count)
    documents = Array(repeating: nil, count: batch.count)
    judged = Array(repeating: nil, count: batch.count)
    unplaced = Array(repeating: 0, count: batch.count)
    open = Array(batch.indices)
  }

  /// Before a reading: what an earlier try made of the open ones counts no more.
  mutating func begin() {
    for position in open { forget(position) }
    open = []
    saving = []
  }

  /// Takes note of what was read: where it is another condition than before, somebody has saved.
  mutating func note(_ condition: SaveItem.Condition?, at position: Int) {
    guard let condition else { return }
    if let last = conditions.updateValue(condition, forKey: position), last != condition { hasSeenSaves = true }
  }

  mutating func end(_ positions: [Int], _ outcome: FoldOutcome) {
    for position in positions {
      outcomes[position] = outcome
      forget(position)
    }
  }

  private mutating func forget(_ position: Int) {
    documents[position] = nil
    judged[position] = nil
    unplaced[position] = 0
  }
}
