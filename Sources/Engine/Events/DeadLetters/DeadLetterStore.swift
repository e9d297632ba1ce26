internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore
internal import Metrics

/// Stores dead letters for 30 days, so that they can be repaired and sent again: in buckets by student, and those with an unknown owner
/// apart from all schools, where only operators see them.
///
/// It publishes nothing, so that no message circulates; when a bucket is full, the oldest letters are removed, counted and logged.
struct DeadLetterStore: DeliveryConsumer {
  private static let buckets = 16

  let rule: DeadLetterRule
  let metrics: ServiceMetrics
  let runtime: Runtime
  let log: Log
  /// Erasures of all schools write to the bucket of letters with an unknown owner, one after the other, so that they do not conflict.
  private let turns = AsyncSemaphore(1)
  private let schools: DeadLetterSchools

  /// Creates a store.
  init(rule: DeadLetterRule, metrics: ServiceMetrics, runtime: Runtime, log: Log) {
    self.rule = rule
    self.metrics = metrics
    self.runtime = runtime
    self.log = log
    schools = DeadLetterSchools(sidecar: rule.store.sidecar)
  }

  private var logs: SegmentedLogStore { SegmentedLogStore(sidecar: rule.store.sidecar) }

  /// The bucket of letters with an unknown owner.
  static let unowned = SegmentedLog(key: SchoolID?.none.stateKey("dlq:none"), room: 32, daysToLive: 30)

  /// The bucket of a student's letters.
  static func bucket(of owner: StudentKey) -> SegmentedLog {
    bucket(Int(Digest.sha256Bytes(Array(owner.documentKey.utf8))[0]) % buckets, of: owner.school)
  }

  /// All buckets of a school, or of data without one.
  static func buckets(of school: SchoolID?) -> [SegmentedLog] { (0..<buckets).map { bucket($0, of: school) } }

  private static func bucket(_ number: Int, of school: SchoolID?) -> SegmentedLog {
    SegmentedLog(key: school.stateKey("dlq:\(number)"), room: 32, daysToLive: 30)
  }

  // MARK: Keeping

  /// Processes a delivery.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let now = runtime.now()
    let delivery = DeliveryReader(now: now, keepsOriginals: true).delivery(incoming.body, incoming.metadata)
    return await incoming.traced(delivery.entries.lazy.map(\.context)) { trace in await keep(delivery, now: now, trace.call) }
  }

  /// Stores the letters of a delivery.
  private func keep(_ delivery: Delivery, now: Timestamp, _ context: CallContext) async -> Acknowledgement {
    var waiting: [SegmentedLog: [(entry: Int, letter: DeadLetter)]] = [:]
    var order: [SegmentedLog] = []
    var undeliverable: [Int] = []
    for (index, entry) in delivery.entries.enumerated() {
      let stated = DeadLetter(entry.original?.bytes ?? [])
      if stated == nil { undeliverable.append(index) }
      guard let letter = stated ?? Self.letter(entry, now: now) else { continue }
      let log = letter.owner.map(Self.bucket) ?? Self.unowned
      if waiting[log] == nil { order.append(log) }
      waiting[log, default: []].append((index, letter))
    }
    var failed: Set<Int> = []
    for log in order {
      var rest = (waiting[log] ?? [])[...]
      while !rest.isEmpty {
        let some = rest.prefix(SegmentedLog.atOnce(rest.lazy.map(\.letter.record)))
        rest = rest.dropFirst(some.count)
        let left = await keep(some.map(\.letter), in: log, now: now, context)
        failed.formUnion(left.map { some[some.startIndex + $0].entry })
      }
    }
    metrics.deadLetters.add(undeliverable.count { !failed.contains($0) }, .undeliverable)
    return Acknowledgement(
      isBulk: delivery.isBulk,
      statuses: delivery.entries.enumerated().map { index, entry in
        Acknowledgement.Status(entry: entry.id, isDone: !failed.contains(index))
      })
  }

  /// An entry that is no failed event as a dead letter, since the sidecar gave it up.
  private static func letter(_ entry: Delivery.Entry, now: Timestamp) -> DeadLetter? {
    let original = entry.original?.bytes ?? []
    if let deferred = DeferredEvent(message: original) { return letter(deferred, now: now) }
    let rejection: EventRejection
    switch entry.content {
    case .success(let event): rejection = event.rejection("the broker's deliveries came to nothing")
    case .failure(let why): rejection = why
    }
    // A message that the sidecar itself put here kept its former topic.
    let topic = entry.original?.facts.topic ?? Topic.deadLetters
    let failed = FailedEvent(
      kind: .processing, rejection: rejection, original: original, truncation: entry.original?.truncation, topic: topic, failedAt: now)
    return DeadLetter(failed.data, repeats: false)
  }

  /// A deferred event that the broker gave up, as its original event.
  private static func letter(_ deferred: DeferredEvent, now: Timestamp) -> DeadLetter? {
    let read = DeliveryReader(now: now, keepsOriginals: true).entry(of: deferred.original, deferred.facts)
    let rejection: EventRejection
    switch read.content {
    case .success(let event):
      rejection = event.rejection("the broker's deliveries came to nothing while it waited: \(deferred.reason)")
    case .failure(let found): rejection = found
    }
    let failed = FailedEvent(
      kind: .processing, rejection: rejection, original: deferred.original, topic: deferred.topic, failedAt: now,
      retries: deferred.deferrals.count)
    return DeadLetter(failed.data, repeats: false)
  }

  /// Stores letters in a bucket.
  ///
  /// - Returns: The positions of letters to redeliver: a student who cannot be judged now must not hold up the others.
  private func keep(_ letters: [DeadLetter], in list: SegmentedLog, now: Timestamp, _ context: CallContext) async -> [Int] {
    var left: [Int] = []
    var held: Held?
    // Deliveries repeat, so any piece may already hold some of them.
    let addition = SegmentedLogStore.Addition(log: list, records: letters.map(\.record), since: 0)
    let outcome = await runtime.retrying { () async -> Attempt<[Int]> in
      // Noted first, so that whoever looks for the letters of all schools misses none.
      if let school = letters.first?.owner?.school, await !schools.note(school, now: now, context) { return .again }
      let outcome = await logs.add([addition], now: now, context: context) { () throws(SidecarFailure) in
        let admitted = await admitted(letters, context)
        (left, held) = (admitted.left, admitted.held)
        return [admitted.records]
      }[0]
      switch outcome {
      case .done(let dropped):
        if dropped > 0 { report(dropped, "dead letters gave way to later ones: the list is full", list) }
        return .done(left)
      // A damaged bucket stores nothing; the broker has the letter too.
      case .impossible:
        report(letters.count, "dead letters cannot be kept: the list is damaged, or the store refuses it", list)
        return .done([])
      case .again, .failed: return .again
      }
    }
    if let held, outcome?.isEmpty != true { report(held, of: left.count) }
    return outcome ?? Array(letters.indices)
  }

  /// The first letter of a delivery that has to come again for its student's sake.
  private typealias Held = (verdict: DeadLetterRule.Verdict, student: StudentKey?)

  /// Logs why letters come again: on the one partition of dead letters the others wait behind them.
  private func report(_ held: Held, of letters: Int) {
    let reason =
      switch held.verdict {
      case .undecided(.laterRelease): "the student's document is of a later release, which alone knows whether the student was erased"
      case .undecided(.unreadableKey): "the student's document cannot be read"
      case .undecided(.outage): "the state store does not answer"
      default: "the student is being erased"
      }
    log(
      LogLine(
        .warning, "dead letters are to come again",
        [("letters", .integer(letters)), ("student_id", .text(held.student?.student.text ?? "")), ("reason", .text(reason))]),
      at: runtime.now())
  }

  /// Counts and logs letters that the store no longer has.
  private func report(_ letters: Int, _ message: String, _ list: SegmentedLog) {
    metrics.deadLettersDropped.add(letters)
    log(LogLine(.warning, message, [("list", .text(list.key)), ("letters", .integer(letters))]), at: runtime.now())
  }

  /// The letters that may be stored according to their students' documents, and the positions of those that cannot be judged now.
  private func admitted(
    _ letters: [DeadLetter], _ context: CallContext
  ) async -> (records: [StoredRecord], left: [Int], held: Held?) {
    let verdicts = await rule.verdicts(on: letters.map { ($0.students, $0.happenedAt) }, context: context)
    var (records, left): ([StoredRecord], [Int]) = ([], [])
    for (index, verdict) in verdicts.enumerated() {
      switch verdict.verdict {
      case .spoken: records.append(letters[index].record)
      case .forgotten, .unkept: break
      case .cleaning, .undecided: left.append(index)
      }
    }
    return (records, left, left.first.map { verdicts[$0] })
  }
}

extension DeadLetterStore: PersonalDataStore {
  var name: String { "dead_letters" }
  var meaning: String { "Events about this student that could not be taken in, kept for 30 days so that they can be mended." }

  func export(
    _ student: StudentDocument, _ page: PersonalDataPage, now: Timestamp, context: CallContext
  ) async throws(SidecarFailure) -> PersonalDataContent {
    let kept = try await logs.page(of: Self.bucket(of: student.key), now: now, context: context).records
    var json = JSONWriter(capacity: 1024)
    let own = kept.filter { DeadLetter($0.json)?.owner == student.key }
    json.records(own)
    return PersonalDataContent(json: json.bytes, total: own.count)
  }

  /// Removes letters with an unknown owner if they name the student in a field; they belong to no tenant, so they are not counted.
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
    // A letter written by a later release is searched as it is.
    return !NamedStudents(in: record.json).mayMean(key)
  }
}
