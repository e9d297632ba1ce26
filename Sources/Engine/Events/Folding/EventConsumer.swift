internal import Encodings
internal import HTTPServer
internal import MasteryCore
internal import Metrics

/// Consumes deliveries of events, from callback to acknowledgement: read, group by student, fold, dead letters, status for each entry.
struct EventConsumer: DeliveryConsumer {
  let fold: Fold
  let lanes: StudentLanes
  let publisher: EventPublisher
  let rule: DeadLetterRule
  let copies: WaitingCopies
  let audit: AuditTrail
  let metrics: ServiceMetrics
  let runtime: Runtime
  let log: Log

  /// Processes a delivery; nothing is acknowledged before it is saved and published.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let now = runtime.now()
    let delivery = DeliveryReader(now: now).delivery(incoming.body, incoming.metadata)
    metrics.measure(arrival: delivery, at: now)
    // Originals of good events are not kept; the few that are needed are read again.
    return await incoming.traced(delivery.entries.lazy.map(\.context)) { trace in
      let isDone = await work(delivery, topic: incoming.topic, .none, trace, now: now) {
        DeliveryReader(now: now, keepsOriginals: true).delivery(incoming.body, incoming.metadata)
      }
      return Acknowledgement(
        isBulk: delivery.isBulk, statuses: zip(delivery.entries, isDone).map { Acknowledgement.Status(entry: $0.id, isDone: $1) })
    }
  }

  /// Retries a deferred event; true if it needs no redelivery.
  func retry(_ event: DeferredEvent, _ trace: RequestTrace) async -> Bool {
    let now = runtime.now()
    let reader = DeliveryReader(now: event.deferrals.judging(at: now), keepsOriginals: true)
    let delivery = reader.single(event.original, event.facts)
    return await work(delivery, topic: event.topic, event.deferrals, trace, now: now) { delivery }.allSatisfy(\.self)
  }

  /// Processes events.
  ///
  /// - Returns: For each entry, whether it needs no redelivery.
  private func work(
    _ delivery: Delivery, topic: String, _ deferrals: Deferrals, _ trace: RequestTrace, now: Timestamp, rereading: () -> Delivery
  ) async -> [Bool] {
    let context = trace.call
    let students = DeliveredStudents(delivery)
    let folded = await lanes.run(students.events) { batch in await fold.run(batch, context: context) }
    let published = runtime.now()
    let outcomes = students.indices.indices.map { position -> FoldOutcome? in
      guard let index = students.indices[position] else { return nil }
      guard folded[index].refusesSome, case .success(let event) = delivery.entries[position].content else { return folded[index] }
      return folded[index].outcome(of: event)
    }
    var left = Leftovers(delivery, outcomes, topic: topic, deferrals, now: now, rereading: rereading)
    let verdicts = await rule.verdicts(on: left.failed.map { ($0.event.students, $0.event.rejection.timestamp) }, context: context)
    left.judge(verdicts.map(\.verdict))
    let (letters, deferred) = (left.letters.map(\.event.event), left.deferred.map(\.event.event))
    async let unburied = publisher.publish(each: letters, to: Topic.deadLetters, context: context)
    async let undeferred = publisher.publish(each: deferred, to: Topic.retry, context: context)
    let untaken = await undeferred
    for (position, event) in left.deferred.enumerated() where !untaken.contains(position) { copies.note(event.event.copy) }
    let undelivered = left.undelivered(letters: await unburied, deferred: untaken)
    report(delivery, outcomes, left, undelivered: undelivered, now: now)
    metrics.resultTime.observe(
      published.seconds(since: now), times: outcomes.count { $0?.isFolded ?? false }, trace: trace.traceID)
    report(labelsLeftOut: delivery, now: now)
    var forgotten = ForgottenEvents()
    for (events, outcome) in zip(students.events, folded) {
      forgotten.add(outcome, of: events.key)
      report(events.key, outcome, now: now)
    }
    for (verdict, student) in verdicts { forgotten.add(verdict, of: student) }
    for student in forgotten.students { report(student, topic: topic, trace, now: now) }
    report(unowned: verdicts.count { $0.student == nil && $0.verdict == .forgotten(isWithdrawn: false) }, now: now)
    return outcomes.enumerated().map { position, outcome in !undelivered.contains(position) && !(outcome?.isOutage ?? false) }
  }

  private func report(
    _ delivery: Delivery, _ outcomes: [FoldOutcome?], _ left: Leftovers, undelivered: Set<Int>, now: Timestamp
  ) {
    let fates = Self.fates(outcomes, left, undelivered: undelivered)
    let refused = left.letters.filter { fates[$0.entry] == .refused }
    let retried = fates.count { $0 == .retried }
    metrics.events.add(
      each: zip(delivery.entries, fates).compactMap { entry, fate in fate.map { EventLabels(type: entry.type, outcome: $0) } })
    metrics.deadLetters.add(refused.count, .refused)
    metrics.deadLetters.add(fates.count { $0 == .poisoned }, .processing)
    metrics.count(refused: refused.map(\.event.rejection))
    if let first = refused.first?.event.rejection {
      log(
        LogLine(
          .warning, "events were refused",
          [("events", .integer(refused.count)), ("event_id", .text(first.eventID ?? "")), ("reason", .text(first.message))]), at: now)
    }
    if let first = left.deferred.first {
      log(
        LogLine(
          .warning, "events are to be tried later",
          [
            ("events", .integer(left.deferred.count)), ("student_id", .text(first.event.student?.text ?? "")),
            ("reason", .text(first.event.reason)),
          ]),
        at: now)
    }
    guard retried > 0 else { return }
    let reason = outcomes.lazy.compactMap { $0?.outage }.first ?? "the broker does not take dead letters, or events that wait"
    log(LogLine(.warning, "events are to come again", [("events", .integer(retried)), ("reason", .text(reason))]), at: now)
  }

  /// What became of each event; nil for one that is forgotten.
  private static func fates(_ outcomes: [FoldOutcome?], _ left: Leftovers, undelivered: Set<Int>) -> [EventOutcome?] {
    var fates: [EventOutcome?] = outcomes.map { $0?.isFolded ?? false ? .folded : nil }
    for letter in left.letters { fates[letter.entry] = letter.event.kind == .validation ? .refused : .poisoned }
    for waiting in left.deferred { fates[waiting.entry] = .deferred }
    for position in outcomes.indices where undelivered.contains(position) || outcomes[position]?.isOutage ?? false {
      fates[position] = .retried
    }
    return fates
  }

  /// Logs that invalid labels of good events were left out.
  private func report(labelsLeftOut delivery: Delivery, now: Timestamp) {
    let labelled = delivery.entries.compactMap { try? $0.content.get() }.filter { !$0.leftOut.isEmpty }
    guard let first = labelled.first else { return }
    let labels = labelled.flatMap(\.leftOut)
    metrics.labelsLeftOut.add(each: labels)
    log(
      LogLine(
        .warning, "labels of events break their rule and are left out",
        [
          ("events", .integer(labelled.count)), ("event_id", .text(first.observation.event.text)),
          ("labels", .text(Set(labels.map(\.rawValue)).sorted().joined(separator: ", "))),
        ]),
      at: now)
  }

  /// Logs what an operator needs to know about a student's events.
  private func report(_ key: StudentKey, _ outcome: FoldOutcome, now: Timestamp) {
    guard case .poison(let why) = outcome else { return }
    log(LogLine(.error, "events went to the dead letters", [("student_id", .text(key.student.text)), ("reason", .text(why))]), at: now)
  }

  /// Counts and logs events that are forgotten because they name too many students to look each of them up.
  private func report(unowned events: Int, now: Timestamp) {
    guard events > 0 else { return }
    metrics.events.add(events, EventLabels(type: nil, outcome: .forgotten))
    log(LogLine(.warning, "events name too many students to look them up, and are left out", [("events", .integer(events))]), at: now)
  }

  /// Counts forgotten events, and records them if the reason is missing consent.
  private func report(_ forgotten: ForgottenEvents.Student, topic: String, _ trace: RequestTrace, now: Timestamp) {
    metrics.events.add(forgotten.events, EventLabels(type: nil, outcome: .forgotten))
    log(
      LogLine(
        .info, "events of an erased student or without consent",
        [("student_id", .text(forgotten.key.student.text)), ("events", .integer(forgotten.events))]),
      at: now)
    guard forgotten.isWithdrawn else { return }
    audit.record(
      AuditRecord(
        id: Digest.uuid(runtime.random(), runtime.random()), at: now, userID: topic, userRole: "broker", student: forgotten.key,
        action: "event", outcome: .refused, status: 200, correlationID: trace.correlationID))
  }
}

/// The parsed events of a delivery grouped by student, in the order in which the students first appear.
private struct DeliveredStudents {
  private(set) var events: [StudentEvents] = []
  /// For each entry, the index of its student among `events`; nil for a refused entry.
  private(set) var indices: [Int?] = []

  init(_ delivery: Delivery) {
    var known: [StudentKey: Int] = [:]
    indices.reserveCapacity(delivery.entries.count)
    for entry in delivery.entries {
      guard case .success(let event) = entry.content else {
        indices.append(nil)
        continue
      }
      let own = StudentEvents(
        key: event.key, observations: [event.observation], deliveredAt: event.deliveredAt, trace: event.trace)
      let index = known[event.key] ?? events.count
      if index < events.count {
        events[index].append(own)
      } else {
        known[event.key] = index
        events.append(own)
      }
      indices.append(index)
    }
  }
}

extension Event {
  /// The event as rejected.
  func rejection(_ why: String) -> EventRejection {
    EventRejection(
      message: why, eventID: observation.event.text, type: type, owner: key, timestamp: observation.timestamp,
      source: observation.source?.text)
  }
}
