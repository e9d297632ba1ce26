internal import DaprClient
internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A delivery from callback to acknowledgement: read, by student, fold, dead letters, status for each entry.
struct EventCallback: Sendable {
  let fold: Fold
  let lanes: StudentLanes
  let publisher: EventPublisher
  let rule: DeadLetterRule
  let audit: AuditTrail
  let metrics: Metrics
  let edge: Edge
  let log: Log

  /// Works a delivery off; nothing is acknowledged before it is saved and published.
  func take(_ body: DeliveryBody, _ facts: DeliveryFacts, topic: String, trace: RequestTrace) async -> Acknowledgement {
    let now = edge.now()
    let context = trace.call
    let delivery = DeliveryReader(now: now).delivery(body, facts)
    let students = DeliveredStudents(delivery)
    let folded = await lanes.run(students.events) { batch in await fold.run(batch, context: context) }
    let outcomes = students.places.map { place in place.map { folded[$0] } }
    let failed = failedEvents(delivery, outcomes, topic: topic, now: now) {
      DeliveryReader(now: now, keepsOriginals: true).delivery(body, facts)
    }
    let verdicts = await rule.verdicts(on: failed.map { ($0.event.refusal.key, $0.event.refusal.timestamp) }, context: context)
    var (letters, undecided, silenced): ([(entry: Int, event: FailedEvent)], Set<Int>, Set<Int>) = ([], [], [])
    for (failed, verdict) in zip(failed, verdicts) {
      switch verdict {
      case .spoken, .unkept, .cleaning: letters.append(failed)
      case .undecided: undecided.insert(failed.entry)
      case .forgotten: silenced.insert(failed.entry)
      }
    }
    let unpublished = await publisher.publish(letters.map(\.event), context: context)
    let undelivered = undecided.union(unpublished.map { letters[$0].entry })
    report(outcomes, undelivered: undelivered, silenced: silenced, now: now)
    var forgotten = ForgottenEvents()
    for (events, outcome) in zip(students.events, folded) {
      forgotten.add(outcome, of: events.key)
      report(events.key, outcome, now: now)
    }
    for (failed, verdict) in zip(failed, verdicts) { forgotten.add(verdict, of: failed.event.refusal.key) }
    for student in forgotten.students { report(student, topic: topic, trace, now: now) }
    return Acknowledgement(
      isBulk: delivery.isBulk,
      statuses: zip(delivery.entries, outcomes).enumerated().map { position, entry in
        Acknowledgement.Status(entry: entry.0.id, isDone: Self.isDone(entry.1) && !undelivered.contains(position))
      })
  }

  /// What goes to the dead letters, with the position of its entry.
  private func failedEvents(
    _ delivery: Delivery, _ outcomes: [FoldOutcome?], topic: String, now: Timestamp, rereading: () -> Delivery
  ) -> [(entry: Int, event: FailedEvent)] {
    var again: Delivery?
    return delivery.entries.indices.compactMap { position in
      switch delivery.entries[position].content {
      case .failure(let refusal):
        let original = delivery.entries[position].original
        return (
          position,
          FailedEvent(
            kind: .validation, refusal: refusal, original: original?.bytes ?? [], cut: original?.cut, topic: topic, failedAt: now)
        )
      case .success(let event):
        guard case .poison(let why) = outcomes[position] else { return nil }
        // Originals of good events are not kept; the rare one that is needed is read once more.
        let reread = again ?? rereading()
        again = reread
        let original = reread.entries[position].original
        return (
          position,
          FailedEvent(
            kind: .processing, refusal: event.refusal(why), original: original?.bytes ?? [], cut: original?.cut, topic: topic,
            failedAt: now)
        )
      }
    }
  }

  /// Whether an entry needs no further delivery, its dead letter aside; one without an outcome was refused.
  private static func isDone(_ outcome: FoldOutcome?) -> Bool {
    switch outcome {
    case .folded, .poison, nil: true
    case .retry: false
    }
  }

  private func report(_ outcomes: [FoldOutcome?], undelivered: Set<Int>, silenced: Set<Int>, now: Timestamp) {
    var tally = Tally()
    for (position, outcome) in outcomes.enumerated() where !undelivered.contains(position) && !silenced.contains(position) {
      tally.count(outcome)
    }
    tally.retried += undelivered.count
    metrics.count(.folded, tally.folded)
    metrics.count(.refused, tally.refused)
    metrics.count(.poisoned, tally.poisoned)
    metrics.count(.retried, tally.retried)
    if tally.retried > 0 {
      log(
        LogLine(.warning, "events are to come again", [("events", .integer(tally.retried)), ("reason", .text(tally.reason))]), at: now)
    }
  }

  /// Says what of a student's events an operator wants to hear of.
  private func report(_ key: StudentKey, _ outcome: FoldOutcome, now: Timestamp) {
    guard case .poison(let why) = outcome else { return }
    log(LogLine(.error, "events went to the dead letters", [("student_id", .text(key.student.text)), ("reason", .text(why))]), at: now)
  }

  /// Counts what goes nowhere, and puts it on record where that is for want of consent.
  private func report(_ forgotten: ForgottenEvents.Student, topic: String, _ trace: RequestTrace, now: Timestamp) {
    metrics.count(.forgotten, forgotten.events)
    log(
      LogLine(
        .info, "events of an erased student or without consent",
        [("student_id", .text(forgotten.key.student.text)), ("events", .integer(forgotten.events))]),
      at: now)
    guard forgotten.isWithdrawn else { return }
    audit.record(
      AuditRecord(
        id: Digest.uuid(edge.random(), edge.random()), at: now, userID: topic, userRole: "broker", student: forgotten.key,
        action: "event", outcome: .refused, status: 200, correlationID: trace.correlationID))
  }

  private struct Tally {
    var folded = 0
    var refused = 0
    var poisoned = 0
    var retried = 0
    var reason = "the dead letter was not taken, or nobody can say whether it may be one"

    mutating func count(_ outcome: FoldOutcome?) {
      switch outcome {
      case .folded: folded += 1
      case .poison: poisoned += 1
      case .retry(let why):
        retried += 1
        reason = why
      case nil: refused += 1
      }
    }
  }
}

/// The understood events of a delivery by student, in the order in which the students first appear.
private struct DeliveredStudents {
  private(set) var events: [StudentEvents] = []
  /// For each entry of the delivery the place of its student among `events`; nil for what is refused.
  private(set) var places: [Int?] = []

  init(_ delivery: Delivery) {
    var known: [StudentKey: Int] = [:]
    places.reserveCapacity(delivery.entries.count)
    for entry in delivery.entries {
      guard case .success(let event) = entry.content else {
        places.append(nil)
        continue
      }
      let own = StudentEvents(key: event.key, observations: [event.observation], deliveredAt: event.deliveredAt)
      let place = known[event.key] ?? events.count
      if place < events.count {
        events[place].append(own)
      } else {
        known[event.key] = place
        events.append(own)
      }
      places.append(place)
    }
  }
}

extension Event {
  /// The event as a failed one.
  func refusal(_ why: String) -> Refusal {
    Refusal(
      message: why, eventID: observation.event.text, type: type, student: key.student, school: key.school,
      timestamp: observation.timestamp)
  }
}
