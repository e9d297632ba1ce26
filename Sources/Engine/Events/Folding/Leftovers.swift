internal import MasteryCore

/// The events of a delivery that did not get into documents: those that become dead letters, and those to retry later.
struct Leftovers {
  /// Events that failed permanently, with the positions of their entries.
  private(set) var failed: [(entry: Int, event: FailedEvent, facts: DeliveryMetadata)] = []
  /// The failed events that may become dead letters.
  private(set) var letters: [(entry: Int, event: FailedEvent, facts: DeliveryMetadata)] = []
  /// Events to retry later.
  private(set) var deferred: [(entry: Int, event: DeferredEvent)] = []
  private let delivery: Delivery
  private let topic: String
  private let deferrals: Deferrals
  private let now: Timestamp

  /// Collects what is left of a delivery.
  ///
  /// - Parameters:
  ///   - delivery: The delivery.
  ///   - outcomes: The outcomes of its events; nil for refused ones.
  ///   - topic: The topic that they first came from.
  ///   - deferrals: How often they have been deferred.
  ///   - now: The time.
  ///   - rereading: Reads the delivery with all originals.
  init(
    _ delivery: Delivery, _ outcomes: [FoldOutcome?], topic: String, _ deferrals: Deferrals, now: Timestamp, rereading: () -> Delivery
  ) {
    self.delivery = delivery
    self.topic = topic
    self.deferrals = deferrals
    self.now = now
    var again: Delivery?
    for position in delivery.entries.indices {
      guard outcomes[position].map(\.needsOriginal) ?? true else { continue }
      var entry = delivery.entries[position]
      if entry.original == nil {
        let reread = again ?? rereading()
        again = reread
        entry = reread.entries[position]
      }
      guard let original = entry.original else { continue }
      sort(entry, original, outcomes[position], at: position)
    }
  }

  private mutating func sort(_ entry: Delivery.Entry, _ original: Delivery.Original, _ outcome: FoldOutcome?, at position: Int) {
    switch (entry.content, outcome) {
    case (.failure(let rejection), _): fail(.validation, rejection, original, at: position)
    case (.success(let event), .refused(let why)):
      var rejection = event.rejection(why)
      rejection.reason = .tooManyTopics
      rejection.rule = why
      fail(.validation, rejection, original, at: position)
    case (.success(let event), .poison(let why)): fail(.processing, event.rejection(why), original, at: position)
    case (.success(let event), .deferred(let why, let isEndless)):
      if deferrals.areExhausted, !isEndless {
        fail(.processing, event.rejection("\(why); tried \(deferrals.count + 1) times"), original, at: position)
      } else {
        `defer`(original, why, isEndless: isEndless, event.key.student, at: position)
      }
    case (.success, _): break
    }
  }

  private mutating func fail(_ kind: FailedEvent.Kind, _ rejection: EventRejection, _ original: Delivery.Original, at position: Int) {
    let event = FailedEvent(
      kind: kind, rejection: rejection, original: original.bytes, truncation: original.truncation, topic: topic, failedAt: now,
      retries: deferrals.count,
      trace: original.facts.trace)
    failed.append((position, event, original.facts))
  }

  /// Defers an event; one that was cut for lack of room cannot be retried from its first bytes, so it is redelivered, with fewer others.
  private mutating func `defer`(_ original: Delivery.Original, _ why: String, isEndless: Bool, _ student: StudentID?, at position: Int) {
    guard original.truncation == nil else {
      toComeAgain.insert(position)
      return
    }
    let deferrals = deferrals.next(isEndless: isEndless, at: now)
    deferred.append((position, DeferredEvent(original, topic: topic, deferrals, reason: why, student: student, now: now)))
  }

  /// Keeps the failed events that may become dead letters; those that cannot be judged now are judged later.
  mutating func judge(_ verdicts: [DeadLetterRule.Verdict]) {
    for (failed, verdict) in zip(failed, verdicts) {
      switch verdict {
      case .spoken, .unkept, .cleaning: letters.append(failed)
      case .undecided(.outage): toComeAgain.insert(failed.entry)
      // An event that is too large to wait becomes a dead letter with its first bytes.
      case .undecided where failed.event.length > DeferredEvent.sizeLimit: letters.append(failed)
      case .undecided(.unreadableKey) where deferrals.areExhausted: letters.append(failed)
      case .undecided(let doubt):
        let original = Delivery.Original(bytes: failed.event.original, facts: failed.facts, truncation: failed.event.truncation)
        let student = failed.event.rejection.owner?.student
        let isEndless = doubt == .laterRelease
        `defer`(original, "the student's document cannot be read", isEndless: isEndless, student, at: failed.entry)
      case .forgotten: break
      }
    }
  }

  /// Entries to redeliver: nothing is known about their students while the store is down, or they were cut.
  private var toComeAgain: Set<Int> = []

  /// Entries to redeliver, given the positions that the broker did not accept.
  func undelivered(letters untaken: Set<Int>, deferred undeferred: Set<Int>) -> Set<Int> {
    toComeAgain.union(untaken.map { letters[$0].entry }).union(undeferred.map { deferred[$0].entry })
  }
}

extension FoldOutcome {
  /// The reason why all students have to wait; nil if they do not.
  var outage: String? { if case .retry(let why) = self { why } else { nil } }
  /// Whether all students have to wait.
  var isOutage: Bool { outage != nil }
  /// Whether the events are in the saved document, or are rightly left out.
  var isFolded: Bool { if case .folded = self { true } else { false } }
  /// Whether the original event is needed.
  fileprivate var needsOriginal: Bool {
    switch self {
    case .refused, .poison, .deferred: true
    case .folded, .retry: false
    }
  }
}
