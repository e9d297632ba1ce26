internal import DaprClient
internal import MasteryCore
internal import Metrics

/// Folds events into student documents: load, apply and save, again from the newly stored document if another writer was faster, then
/// publish the stored state.
///
/// Documents are loaded in one request, settled in pieces side by side and published topic by topic in parallel, which keeps processors,
/// sidecar, store and broker busy; because each call has a cost, there are few of them.
struct Fold: Sendable {
  /// Maximum number of announcements waiting in a document; above it, nothing is saved until the broker accepts some.
  static let outboxLimit = 64
  private static let day: Int64 = 86_400_000

  let store: StudentStore
  let publisher: EventPublisher
  let faults: UnreadableKeys
  let metrics: ServiceMetrics
  let runtime: Runtime

  /// Maximum number of pieces settled side by side.
  private static let pieces = 2
  /// Minimum number of documents in a piece, because each piece is a request.
  private static let smallestPiece = 100

  /// Folds the events of several students, and publishes the results.
  ///
  /// - Returns: The outcomes, in the order of the students.
  func run(_ batch: [StudentEvents], context: CallContext) async -> [FoldOutcome] {
    var outcomes: [FoldOutcome] = []
    var positions: [Int] = []
    var composed: [ComposedDocument] = []
    for piece in await settledSideBySide(batch, context) {
      for (position, document) in piece.composed {
        positions.append(outcomes.count + position)
        composed.append(document)
      }
      outcomes += piece.outcomes
    }
    switch await publisher.publish(composed, context: context) {
    case .all: break
    case .none: for position in positions { outcomes[position] = .retry("the broker does not take results") }
    case .without(let untaken): for index in untaken { outcomes[positions[index]] = .deferred("the broker does not take the result") }
    }
    return outcomes
  }

  /// The outcomes of a piece's students, and what there is to publish of them, each with its position in the piece.
  private struct SettledPiece: Sendable {
    let outcomes: [FoldOutcome]
    let composed: [(position: Int, document: ComposedDocument)]
  }

  /// Loads all documents in one request, and settles them in pieces side by side.
  ///
  /// - Returns: The pieces in order.
  private func settledSideBySide(_ batch: [StudentEvents], _ context: CallContext) async -> [SettledPiece] {
    let size = max(Self.smallestPiece, (batch.count + Self.pieces - 1) / Self.pieces)
    var reading = await read(batch, context)
    guard batch.count > size, reading.outage == nil else { return [await settled(batch, reading, context)] }
    let pieces = Array(zip(batch.pieces(of: size), reading.split(into: size)))
    return await pieces.mappedSideBySide { events, reading in await settled(Array(events), reading.take(), context) }
  }

  /// Settles students from a first reading of their documents.
  private func settled(_ batch: [StudentEvents], _ first: consuming FoldReading, _ context: CallContext) async -> SettledPiece {
    var attempt = FoldAttempt(batch)
    var first: FoldReading? = first
    var tries = 0
    let isSettled: Void? = await runtime.retrying { () async -> Attempt<Void> in
      var reading = if let first = first.take() { first } else { await read(attempt.open.map { batch[$0] }, context) }
      apply(&reading, to: &attempt)
      tries += 1
      if attempt.open.isEmpty { return .done(()) }
      return await save(&attempt, context) ? .done(()) : .again
    }
    if isSettled == nil { await giveUp(&attempt, context) }
    count(attempt, tries: tries)
    metrics.count(attempt.judged.compactMap(\.self))
    metrics.cohortsLeftOut.add(attempt.cohortsLeftOut.reduce(0, +))
    return SettledPiece(
      outcomes: attempt.outcomes,
      composed: attempt.documents.enumerated().compactMap { position, document in
        document.map { (position, publisher.composed($0, batch[position].trace)) }
      })
  }

  /// Counts what was done with each document, and how often all of them were read.
  private func count(_ attempt: FoldAttempt, tries: Int) {
    let folded = attempt.outcomes.count(where: \.isFolded)
    metrics.folds.add(attempt.saved, .saved)
    metrics.folds.add(folded - attempt.saved, .unchanged)
    metrics.folds.add(attempt.outcomes.count - folded, .givenUp)
    metrics.saveTries.observe(Double(tries))
  }

  /// Settles what could not be saved: if the store saves nothing at all, the failure is not specific to a student.
  private func giveUp(_ attempt: inout FoldAttempt, _ context: CallContext) async {
    let isOutage: Bool
    if attempt.hasSeenSaves { isOutage = false } else { isOutage = await !store.sidecar.savesProbe(context: context) }
    let why = "the document could not be saved in \(Runtime.tries) tries: \(attempt.failure ?? "others were faster")"
    attempt.end(attempt.open, isOutage ? .retry(why) : .deferred(why))
  }

  /// Reads the stored documents of students.
  private func read(_ batch: [StudentEvents], _ context: CallContext) async -> FoldReading {
    let keys = batch.map(\.key)
    do {
      let found = try await store.load(keys, announcements: .unpublished(publisher.confirmed), context: context)
      faults.clear(zip(keys, found))
      return FoldReading(found: found, someAnswered: await store.answers(found, context: context))
    } catch {
      return FoldReading(outage: "the state store does not answer: \(error)")
    }
  }

  /// Applies the open events to the stored documents; positions that need no save are done.
  private func apply(_ reading: inout FoldReading, to attempt: inout FoldAttempt) {
    let positions = attempt.open
    attempt.begin()
    if let outage = reading.outage { return attempt.end(positions, .retry(outage)) }
    let now = runtime.now()
    for (index, position) in positions.enumerated() {
      let events = attempt.batch[position]
      let condition = reading.found[index].condition
      attempt.note(condition, at: position)
      switch reading.take(index) {
      case .absent:
        let document = store.newDocument(
          of: events.key, cutoff: cutoff(for: events, now: now), epoch: epoch(for: events, now: now))
        apply(events, to: document, .absent, at: position, now: now, &attempt)
      case .document(let document):
        apply(events, to: document, condition ?? .absent, at: position, now: now, &attempt)
      case .faulty(.newerSchema(let schema)):
        attempt.end([position], .deferred("the document has schema \(schema), which a later release wrote", isEndless: true))
      case .faulty(.unreadable(let why)): attempt.end([position], .poison("the stored document cannot be read: \(why)"))
      case .failed(let why):
        attempt.end([position], reading.someAnswered ? .deferred("the document's key cannot be read: \(why)") : .retry(why))
      }
    }
  }

  private func apply(
    _ events: StudentEvents, to document: consuming StudentDocument, _ condition: SaveItem.Condition, at position: Int,
    now: Timestamp, _ attempt: inout FoldAttempt
  ) {
    // Only a full outbox needs the previous document.
    let standing = document.ledger.outbox.count >= Self.outboxLimit - 1 ? copy document : nil
    let version = DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision)
    let school = events.key.school
    let change = document.applying(
      store.calendars.dated(events.observations, in: school), now: now, today: store.calendars.day(of: now, in: school),
      cutoff: cutoff(for: events, now: now),
      isPublished: publisher.confirmed.contains(version, of: events.key))
    attempt.outcomes[position] = .folded(
      forgotten: change.forgotten.count, isWithdrawn: change.document.ledger.isConsentWithdrawn, refused: change.refused)
    guard change.isChanged else {
      // Forgotten events alone are no reason to publish anything about a student.
      if change.forgotten.count < events.observations.count { attempt.documents[position] = change.document }
      return
    }
    var changed = change.document
    changed.ledger.outbox.append(contentsOf: change.announcements.map { $0.outboxEntry(for: events.key, events.trace) })
    guard changed.ledger.outbox.count <= Self.outboxLimit else {
      attempt.end([position], .deferred("\(changed.ledger.outbox.count) announcements wait for the broker"))
      // The stored state is published, so that the outbox drains.
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
    attempt.cohortsLeftOut[position] = change.cohortsLeftOut
    attempt.open.append(position)
    attempt.saving.append(
      StudentStore.Saving(key: events.key, bytes: bytes, condition: condition, secondsToLive: store.secondsToLive(changed.ledger)))
  }

  /// The cutoff rises with the clock, but never more than a day beyond the delivery's own time.
  ///
  /// Without such a time the events' own times are used: one wrong clock must not remove data that has to be kept.
  private func cutoff(for events: StudentEvents, now: Timestamp) -> Day {
    let brought = events.deliveredAt ?? events.observations.lazy.map(\.timestamp).max() ?? now
    let moment = min(now, brought.adding(milliseconds: Self.day))
    return store.calendars.day(of: moment, in: events.key.school).advanced(by: -store.retentionDays)
  }

  /// The second of a document's creation, at least the delivery's time and at most a day later: a wrong clock would put it before an
  /// earlier life, or so far ahead that no later life could be above it.
  private func epoch(for events: StudentEvents, now: Timestamp) -> Int64 {
    guard let delivered = events.deliveredAt else { return now.seconds }
    return min(max(now, delivered), delivered.adding(milliseconds: Self.day)).seconds
  }

  /// Saves the changed documents; true if all are stored, false if some must be read again.
  private func save(_ attempt: inout FoldAttempt, _ context: CallContext) async -> Bool {
    do {
      try await store.save(attempt.saving, context: context)
      attempt.saved += attempt.saving.count
      return true
    } catch .refused where attempt.saving.count > 1 {
      return await saveSingly(&attempt, context)
    } catch .refused(_, _, let message) {
      attempt.end(attempt.open, .deferred("the store refuses the document: \(message)"))
      return true
    } catch {
      note(error, in: &attempt)
      return false
    }
  }

  /// Saves each document in its own request, so that one that the store refuses does not affect its neighbours.
  private func saveSingly(_ attempt: inout FoldAttempt, _ context: CallContext) async -> Bool {
    var again: [Int] = []
    for (position, saving) in zip(attempt.open, attempt.saving) {
      do {
        try await store.save([saving], context: context)
        attempt.saved += 1
        attempt.hasSeenSaves = true
      } catch .refused(_, _, let message) {
        attempt.end([position], .deferred("the store refuses the document: \(message)"))
      } catch {
        note(error, in: &attempt)
        again.append(position)
      }
    }
    attempt.open = again
    return again.isEmpty
  }

  private func note(_ failure: SidecarFailure, in attempt: inout FoldAttempt) {
    attempt.failure = "\(failure)"
    if case .conflict = failure { metrics.saveConflicts.add() }
  }
}
