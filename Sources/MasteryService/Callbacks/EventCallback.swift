internal import DaprClient
internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A delivery from callback to acknowledgement: read, by student, fold, dead letters, status for each entry.
struct EventCallback: Sendable {
  let fold: Fold
  let lanes: StudentLanes
  let publisher: EventPublisher
  let metrics: Metrics
  let edge: Edge
  let log: Log

  /// Works a delivery off; nothing is acknowledged before it is saved and published.
  func take(_ body: [UInt8], _ facts: DeliveryFacts, topic: String, context: CallContext) async -> Acknowledgement {
    let now = edge.now()
    let delivery = DeliveryReader(now: now).delivery(body, facts)
    let outcomes = await lanes.run(Self.byStudent(delivery)) { batch in await fold.run(batch, context: context) }
    let failed = failedEvents(delivery, outcomes, topic: topic, now: now) {
      DeliveryReader(now: now, keepsOriginals: true).delivery(body, facts)
    }
    let unpublished = await publisher.publish(failed.map(\.event), context: context)
    let undelivered = Set(unpublished.map { failed[$0].entry })
    report(delivery, outcomes, undelivered: undelivered, now: now)
    return Acknowledgement(
      isBulk: delivery.isBulk,
      statuses: delivery.entries.enumerated().map { position, entry in
        let isDone = Self.isDone(entry, outcomes) && !undelivered.contains(position)
        return Acknowledgement.Status(entry: entry.id, isDone: isDone)
      })
  }

  /// The understood events of a delivery by student, in the order in which the students first appear.
  private static func byStudent(_ delivery: Delivery) -> [StudentEvents] {
    var places: [StudentKey: Int] = [:]
    var students: [StudentEvents] = []
    for entry in delivery.entries {
      guard case .success(let event) = entry.content else { continue }
      let events = StudentEvents(key: event.key, observations: [event.observation], deliveredAt: event.deliveredAt)
      if let place = places[event.key] {
        students[place].append(events)
      } else {
        places[event.key] = students.count
        students.append(events)
      }
    }
    return students
  }

  /// What goes to the dead letters, with the position of its entry.
  private func failedEvents(
    _ delivery: Delivery, _ outcomes: [StudentKey: FoldOutcome], topic: String, now: Timestamp, rereading: () -> Delivery
  ) -> [(entry: Int, event: FailedEvent)] {
    var again: Delivery?
    return delivery.entries.enumerated().compactMap { position, entry in
      switch entry.content {
      case .failure(let refusal):
        let original = entry.original?.bytes ?? []
        return (position, FailedEvent(kind: .validation, refusal: refusal, original: original, topic: topic, failedAt: now))
      case .success(let event):
        guard case .poison(let why) = outcomes[event.key] else { return nil }
        // Originals of good events are not kept; the rare one that is needed is read once more.
        let reread = again ?? rereading()
        again = reread
        let original = reread.entries[position].original?.bytes ?? []
        return (position, FailedEvent(kind: .processing, refusal: event.refusal(why), original: original, topic: topic, failedAt: now))
      }
    }
  }

  /// Whether an entry needs no further delivery, its dead letter aside.
  private static func isDone(_ entry: Delivery.Entry, _ outcomes: [StudentKey: FoldOutcome]) -> Bool {
    switch entry.content {
    case .failure: true
    case .success(let event):
      switch outcomes[event.key] {
      case .folded, .poison: true
      case .retry, nil: false
      }
    }
  }

  private func report(_ delivery: Delivery, _ outcomes: [StudentKey: FoldOutcome], undelivered: Set<Int>, now: Timestamp) {
    var tally = Tally()
    for (position, entry) in delivery.entries.enumerated() where !undelivered.contains(position) { tally.count(entry, outcomes) }
    tally.retried += undelivered.count
    metrics.count(.folded, tally.folded)
    metrics.count(.refused, tally.refused)
    metrics.count(.poisoned, tally.poisoned)
    metrics.count(.retried, tally.retried)
    if tally.retried > 0 {
      log(
        LogLine(.warning, "events are to come again", [("events", .integer(tally.retried)), ("reason", .text(tally.reason))]), at: now)
    }
    for (key, outcome) in outcomes {
      switch outcome {
      case .poison(let why):
        log(LogLine(.error, "events went to the dead letters", [("student_id", .text(key.student.text)), ("reason", .text(why))]), at: now)
      case .folded(let forgotten) where forgotten > 0:
        metrics.count(.forgotten, forgotten)
        log(
          LogLine(
            .info, "events of an erased student or without consent",
            [("student_id", .text(key.student.text)), ("events", .integer(forgotten))]),
          at: now)
      default: break
      }
    }
  }

  private struct Tally {
    var folded = 0
    var refused = 0
    var poisoned = 0
    var retried = 0
    var reason = "the broker did not take the dead letter"

    mutating func count(_ entry: Delivery.Entry, _ outcomes: [StudentKey: FoldOutcome]) {
      guard case .success(let event) = entry.content else {
        refused += 1
        return
      }
      switch outcomes[event.key] {
      case .folded: folded += 1
      case .poison: poisoned += 1
      case .retry(let why):
        retried += 1
        reason = why
      case nil: retried += 1
      }
    }
  }
}

extension Event {
  /// The event as a failed one.
  fileprivate func refusal(_ why: String) -> Refusal {
    Refusal(
      message: why, eventID: observation.event.text, type: type, student: key.student, school: key.school,
      timestamp: observation.timestamp)
  }
}
