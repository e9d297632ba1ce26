internal import DaprClient
internal import MasteryCore

/// What a delivery brought of one student.
struct StudentEvents: Sendable {
  let key: StudentKey
  var observations: [Observation]
  /// The latest moment at which the broker was given one of them, as far as somebody said.
  var deliveredAt: Timestamp?

  /// The same student's events of another delivery behind these.
  mutating func append(_ other: Self) {
    observations.append(contentsOf: other.observations)
    deliveredAt = [deliveredAt, other.deliveredAt].compactMap(\.self).max()
  }
}

/// How the events of one student fared.
enum FoldOutcome: Sendable, Hashable {
  /// They stand in the saved document, and what it says is published. How many of them go nowhere: erased, or without consent.
  case folded(forgotten: Int, isWithdrawn: Bool = false)
  /// They could not be taken in for now; why.
  case retry(String)
  /// They can never be taken in by this document; why.
  case poison(String)
}

/// Folds events into student documents: load, apply, save, and where another was faster once more from what stands there now;
/// then publish what stands in the store.
struct Fold: Sendable {
  /// Announcements that may wait in a document; beyond, nothing is saved until the broker takes some.
  static let outboxLimit = 64
  private static let day: Int64 = 86_400_000

  let store: StudentStore
  let publisher: EventPublisher
  let faults: KeyFaults
  let metrics: Metrics
  let edge: Edge

  /// Folds the events of several students.
  func run(_ batch: [StudentEvents], context: CallContext) async -> [FoldOutcome] {
    var attempt = FoldAttempt(batch)
    for count in 1...StudentStore.tries {
      await load(&attempt, context)
      guard !attempt.open.isEmpty else { break }
      if await save(&attempt, context) { break }
      guard count < StudentStore.tries else {
        attempt.fail(attempt.open, "other writers were faster \(StudentStore.tries) times")
        break
      }
      await edge.pause(afterTry: count)
    }
    metrics.count(attempt.judged.compactMap(\.self))
    let standing = attempt.documents.indices.filter { if case .some = attempt.documents[$0] { true } else { false } }
    for failed in await publisher.publish(attempt.takeDocuments(), context: context) {
      attempt.outcomes[standing[failed]] = .retry("the broker did not take the result")
    }
    return attempt.outcomes
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
      // An outage says nothing about any key.
      for position in positions { faults.clear(attempt.batch[position].key) }
      return attempt.fail(positions, "the state store does not answer: \(error)")
    }
    let now = edge.now()
    let someAnswered = await store.answers(found, context: context)
    for (place, position) in positions.enumerated() {
      let events = attempt.batch[position]
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
      case .faulty(.newerSchema(let schema)): attempt.fail([position], "the document has schema \(schema)")
      case .faulty(.unreadable(let place)): attempt.outcomes[position] = .poison("the stored document cannot be read: \(place)")
      case .failed(let why):
        let isLasting = faults.isLasting(events.key, othersAnswered: someAnswered, now: now)
        attempt.outcomes[position] = isLasting ? .poison("the document's key cannot be read: \(why)") : .retry(why)
        continue
      }
      faults.clear(events.key)
    }
  }

  private func apply(
    _ events: StudentEvents, to document: consuming StudentDocument, _ condition: SaveItem.Condition, at position: Int,
    now: Timestamp, _ attempt: inout FoldAttempt
  ) {
    // Only a full outbox needs what stood there before.
    let standing = document.ledger.outbox.count >= Self.outboxLimit - 1 ? copy document : nil
    let change = document.applying(events.observations, now: now, cut: cut(for: events, now: now))
    attempt.outcomes[position] = .folded(
      forgotten: change.forgotten.count, isWithdrawn: change.document.ledger.isConsentWithdrawn)
    guard change.isChanged else {
      // Events that go nowhere are no reason to say anything of a student either.
      if change.forgotten.count < events.observations.count { attempt.documents[position] = change.document }
      return
    }
    var changed = change.document
    changed.ledger.outbox.append(contentsOf: change.announcements.map { $0.outboxEntry(for: events.key) })
    guard changed.ledger.outbox.count <= Self.outboxLimit else {
      attempt.fail([position], "\(changed.ledger.outbox.count) announcements wait for the broker")
      // What stands in the store is published, so that the outbox empties.
      attempt.documents[position] = standing
      return
    }
    let bytes = StudentDocumentWriter.bytes(of: changed)
    guard bytes.count <= StudentStore.documentLimit else {
      attempt.outcomes[position] = .poison("the document would have \(bytes.count) bytes")
      return
    }
    attempt.documents[position] = changed
    attempt.judged[position] = change.judged
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
      try await store.save(attempt.saving, context: context)
      return true
    } catch .refused where attempt.saving.count > 1 {
      return await saveSingly(&attempt, context)
    } catch .refused(_, _, let message) {
      attempt.poison(attempt.open, "the store refuses the document: \(message)")
      return true
    } catch {
      return false
    }
  }

  /// One document that the store refuses must not harm its neighbours: each is saved by itself.
  private func saveSingly(_ attempt: inout FoldAttempt, _ context: CallContext) async -> Bool {
    var again: [Int] = []
    for (position, saving) in zip(attempt.open, attempt.saving) {
      do {
        try await store.save([saving], context: context)
      } catch .refused(_, _, let message) {
        attempt.poison([position], "the store refuses the document: \(message)")
      } catch {
        again.append(position)
      }
    }
    attempt.open = again
    return again.isEmpty
  }
}

/// What a fold has come to so far, by position in its batch.
private struct FoldAttempt {
  let batch: [StudentEvents]
  var outcomes: [FoldOutcome]
  /// What stands in the store, or will once its save has succeeded.
  var documents: [StudentDocument?]
  /// How the forecasts fared whose day was over; counted only once the document is saved that they have left.
  var judged: [WeeklyForecast.Outcome?]
  /// Positions still to be saved.
  var open: [Int]
  /// What is to be saved for each of `open`.
  var saving: [StudentStore.Saving] = []

  init(_ batch: [StudentEvents]) {
    self.batch = batch
    outcomes = Array(repeating: .retry("not tried"), count: batch.count)
    documents = Array(repeating: nil, count: batch.count)
    judged = Array(repeating: nil, count: batch.count)
    open = Array(batch.indices)
  }

  /// The documents that stand in the store, in the order of their positions; taken out, so that nothing is held twice.
  mutating func takeDocuments() -> [StudentDocument] {
    defer { documents = [] }
    return documents.compactMap(\.self)
  }

  /// Before a reading: what an earlier try made of the open ones counts no more.
  mutating func begin() {
    for position in open { forget(position) }
    open = []
    saving = []
  }

  mutating func fail(_ positions: [Int], _ why: String) {
    end(positions, .retry(why))
  }

  mutating func poison(_ positions: [Int], _ why: String) {
    end(positions, .poison(why))
  }

  private mutating func end(_ positions: [Int], _ outcome: FoldOutcome) {
    for position in positions {
      outcomes[position] = outcome
      forget(position)
    }
  }

  private mutating func forget(_ position: Int) {
    documents[position] = nil
    judged[position] = nil
  }
}
