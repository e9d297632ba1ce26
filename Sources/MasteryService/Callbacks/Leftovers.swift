internal import MasteryCore

/// What of a delivery did not go into documents: events that become dead letters, and those that are to be tried later.
struct Leftovers {
  /// Events that failed for good, with the positions of their entries.
  private(set) var failed: [(entry: Int, event: FailedEvent, facts: DeliveryMetadata)] = []
  /// Those of them that may be spoken of.
  private(set) var letters: [(entry: Int, event: FailedEvent, facts: DeliveryMetadata)] = []
  /// Events that are to be tried later.
  private(set) var deferred: [(entry: Int, event: DeferredEvent)] = []
  private let delivery: Delivery
  private let topic: String
  private let deferrals: Deferrals
  private let now: Timestamp

  /// Sorts out what is left.
  ///
  /// - Parameters:
  ///   - delivery: What came.
  ///   - outcomes: How its events fared; nil for what is refused.
  ///   - topic: The topic that they came in on first.
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
    case (.failure(let refusal), _): fail(.validation, refusal, original, at: position)
    case (.success(let event), .poison(let why)): fail(.processing, event.refusal(why), original, at: position)
    case (.success(let event), .deferred(let why, let isEndless)):
      if deferrals.areExhausted, !isEndless {
        fail(.processing, event.refusal("\(why); tried \(deferrals.count + 1) times"), original, at: position)
      } else {
        `defer`(original, why, isEndless: isEndless, event.key.student, at: position)
      }
    case (.success, _): break
    }
  }

  private mutating func fail(_ kind: FailedEvent.Kind, _ refusal: Refusal, _ original: Delivery.Original, at position: Int) {
    let event = FailedEvent(
      kind: kind, refusal: refusal, original: original.bytes, cut: original.cut, topic: topic, failedAt: now, retries: deferrals.count,
      trace: original.facts.trace)
    failed.append((position, event, original.facts))
  }

  /// Of an event that was cut for want of room only the whole can be tried again: it comes once more, with fewer others.
  private mutating func `defer`(_ original: Delivery.Original, _ why: String, isEndless: Bool, _ student: StudentID?, at position: Int) {
    guard original.cut == nil else {
      toComeAgain.insert(position)
      return
    }
    let deferrals = deferrals.next(isEndless: isEndless, at: now)
    deferred.append((position, DeferredEvent(original, topic: topic, deferrals, reason: why, student: student, now: now)))
  }

  /// Keeps of the failed what may be spoken of; what nobody can judge for now is judged later.
  mutating func judge(_ verdicts: [DeadLetterRule.Verdict]) {
    for (failed, verdict) in zip(failed, verdicts) {
      switch verdict {
      case .spoken, .unkept, .cleaning: letters.append(failed)
      case .undecided(isOutage: true): toComeAgain.insert(failed.entry)
      // What is too large to wait is a dead letter by its head.
      case .undecided where failed.event.length > DeferredEvent.sizeLimit:
        letters.append(failed)
      case .undecided:
        let original = Delivery.Original(bytes: failed.event.original, facts: failed.facts, cut: failed.event.cut)
        let student = failed.event.refusal.owner?.student
        // It ends without fail: a key that fails for long is given up by the rule that judges.
        `defer`(original, "the student's document cannot be read", isEndless: true, student, at: failed.entry)
      case .forgotten: break
      }
    }
  }

  /// The entries that are to be delivered once more: nobody can say anything of their students while the store is down, or they were cut.
  private var toComeAgain: Set<Int> = []

  /// The entries that are to come again, by the positions of what the broker did not take.
  func undelivered(letters untaken: Set<Int>, deferred undeferred: Set<Int>) -> Set<Int> {
    toComeAgain.union(untaken.map { letters[$0].entry }).union(undeferred.map { deferred[$0].entry })
  }
}

extension FoldOutcome {
  /// Why everybody has to wait; nil where nobody has to.
  var outage: String? { if case .retry(let why) = self { why } else { nil } }
  /// Whether everybody has to wait.
  var isOutage: Bool { outage != nil }
  /// Whether the events stand in the saved document, or are rightly left out.
  var isFolded: Bool { if case .folded = self { true } else { false } }
  /// Whether the event is needed as it came.
  fileprivate var needsOriginal: Bool {
    switch self {
    case .poison, .deferred: true
    case .folded, .retry: false
    }
  }
}
