internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// Keeps dead letters for 30 days, so that they can be mended and sent again: in buckets by student, and those of which nobody knows whose
/// they are apart from all schools, where only operators see them.
///
/// It publishes nothing, so that nothing goes round; when a bucket is full the oldest give way and are counted.
struct DeadLetterKeep: DeliveryConsumer {
  private static let buckets = 16

  let rule: DeadLetterRule
  let metrics: Metrics
  let runtime: Runtime
  /// Erasures of all schools write where the letters of nobody are: one after the other, so that they do not fail on each other.
  private let turns = AsyncSemaphore(1)

  /// A keep.
  init(rule: DeadLetterRule, metrics: Metrics, runtime: Runtime) {
    self.rule = rule
    self.metrics = metrics
    self.runtime = runtime
  }

  private var logs: SegmentedLogStore { SegmentedLogStore(sidecar: rule.store.sidecar) }

  /// Where the letters of nobody who is known are kept.
  static let unowned = SegmentedLog(key: SchoolID?.none.stateKey("dlq:none"), room: 32, daysToLive: 30)

  private static func bucket(of owner: StudentKey) -> SegmentedLog {
    let place = Digest.sha256Bytes(Array(owner.documentKey.utf8))[0] % UInt8(buckets)
    return SegmentedLog(key: owner.school.stateKey("dlq:\(place)"), room: 32, daysToLive: 30)
  }

  // MARK: Keeping

  /// Keeps what a delivery brings.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let now = runtime.now()
    let delivery = DeliveryReader(now: now, keepsOriginals: true).delivery(incoming.body, incoming.metadata)
    var waiting: [SegmentedLog: [(entry: Int, letter: DeadLetter)]] = [:]
    var order: [SegmentedLog] = []
    for (place, entry) in delivery.entries.enumerated() {
      guard let letter = Self.letter(entry, now: now) else { continue }
      let log = letter.owner.map(Self.bucket) ?? Self.unowned
      if waiting[log] == nil { order.append(log) }
      waiting[log, default: []].append((place, letter))
    }
    var failed: Set<Int> = []
    for log in order {
      var rest = (waiting[log] ?? [])[...]
      while !rest.isEmpty {
        let some = rest.prefix(SegmentedLog.atOnce(rest.lazy.map(\.letter.record)))
        rest = rest.dropFirst(some.count)
        let left = await keep(some.map(\.letter), in: log, now: now, incoming.trace.call)
        failed.formUnion(left.map { some[some.startIndex + $0].entry })
      }
    }
    return Acknowledgement(
      isBulk: delivery.isBulk,
      statuses: delivery.entries.enumerated().map { place, entry in
        Acknowledgement.Status(entry: entry.id, isDone: !failed.contains(place))
      })
  }

  /// An entry as a dead letter; what is no failed event yet becomes one, since somebody gave it up.
  private static func letter(_ entry: Delivery.Entry, now: Timestamp) -> DeadLetter? {
    let original = entry.original?.bytes ?? []
    if let letter = DeadLetter(original) { return letter }
    if let deferred = DeferredEvent(message: original) { return letter(deferred, now: now) }
    let refusal: Refusal
    switch entry.content {
    case .success(let event): refusal = event.refusal("the broker's deliveries came to nothing")
    case .failure(let why): refusal = why
    }
    // What the sidecar itself put here kept the place where it lay before.
    let topic = entry.original?.facts.topic ?? Topic.deadLetters
    let failed = FailedEvent(kind: .processing, refusal: refusal, original: original, cut: entry.original?.cut, topic: topic, failedAt: now)
    return DeadLetter(failed.data, repeats: false)
  }

  /// What waited to be tried again and was given up by the broker, as the event that it is.
  private static func letter(_ deferred: DeferredEvent, now: Timestamp) -> DeadLetter? {
    let entry = DeliveryReader(now: now, keepsOriginals: true).delivery(deferred.original, deferred.facts).entries.first
    let why = "the broker's deliveries came to nothing while it waited: \(deferred.reason)"
    let refusal: Refusal
    switch entry?.content {
    case .success(let event): refusal = event.refusal(why)
    case .failure(let found): refusal = found
    case nil: refusal = Refusal(message: why)
    }
    let failed = FailedEvent(
      kind: .processing, refusal: refusal, original: deferred.original, topic: deferred.topic, failedAt: now,
      retries: deferred.deferrals.count)
    return DeadLetter(failed.data, repeats: false)
  }

  /// Keeps letters in a bucket.
  ///
  /// - Returns: The places of those that are to come again: one student of whom nothing can be said must not hold up the others.
  private func keep(_ letters: [DeadLetter], in log: SegmentedLog, now: Timestamp, _ context: CallContext) async -> [Int] {
    var left: [Int] = []
    // Deliveries repeat: any piece may hold some of them.
    let addition = SegmentedLogStore.Addition(log: log, records: letters.map(\.record), since: 0)
    for count in 1...StudentStore.tries {
      let outcome = await logs.add([addition], now: now, context: context) { () throws(SidecarFailure) in
        let admitted = await admitted(letters, context)
        left = admitted.left
        return [admitted.records]
      }[0]
      switch outcome {
      case .done(let dropped):
        metrics.countDeadLettersDropped(dropped)
        return left
      // A keep that is damaged keeps nothing: the broker has the letter too.
      case .impossible:
        metrics.countDeadLettersDropped(letters.count)
        return []
      case .again: if count < StudentStore.tries { await runtime.pause(afterTry: count) }
      }
    }
    return Array(letters.indices)
  }

  /// The letters that may be kept by what their students' documents say, and the places of those of which that cannot be said now.
  private func admitted(_ letters: [DeadLetter], _ context: CallContext) async -> (records: [StoredRecord], left: [Int]) {
    let verdicts = await rule.verdicts(on: letters.map { ($0.students, $0.happenedAt) }, context: context)
    var (records, left): ([StoredRecord], [Int]) = ([], [])
    for (place, verdict) in verdicts.enumerated() {
      switch verdict.verdict {
      case .spoken: records.append(letters[place].record)
      case .forgotten, .unkept: break
      case .cleaning, .undecided: left.append(place)
      }
    }
    return (records, left)
  }
}

extension DeadLetterKeep: StudentPlace {
  var name: String { "dead_letters" }
  var meaning: String { "Events about this student that could not be taken in, kept for 30 days so that they can be mended." }

  func export(
    _ student: StudentDocument, _ page: PlacePage, now: Timestamp, context: CallContext
  ) async throws(SidecarFailure) -> PlaceContent {
    let kept = try await logs.page(of: Self.bucket(of: student.key), now: now, context: context).records
    var json = JSONWriter(capacity: 1024)
    let own = kept.filter { DeadLetter($0.json)?.owner == student.key }
    json.records(own)
    return PlaceContent(json: json.bytes, total: own.count)
  }

  /// Letters of which nobody knows whose they are go where they name the student in a field; they are no tenant's, so they are not
  /// counted.
  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    let removed = try await logs.clean(Self.bucket(of: key), now: now, context: context, isDue: isDue) { Self.stays($0, without: key) }
    return try await turns.take { () async -> Result<Int, SidecarFailure> in
      do throws(SidecarFailure) {
        _ = try await logs.clean(Self.unowned, now: now, context: context, isDue: isDue) { Self.stays($0, without: key) }
        return .success(removed)
      } catch {
        return .failure(error)
      }
    }.get()
  }

  private static func stays(_ record: StoredRecord, without key: StudentKey) -> Bool {
    if let letter = DeadLetter(record.json) { return !letter.mayMean(key) }
    // What a later release has written is searched as it stands.
    return !NamedStudents(in: record.json).mayMean(key)
  }
}
