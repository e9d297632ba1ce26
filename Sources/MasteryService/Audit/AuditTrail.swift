internal import DaprClient
internal import MasteryCore
internal import Synchronization

/// Puts accesses to students' data on record: at once in the log, and within seconds in the student's own trail.
///
/// What waits for the trails is kept in memory and written for many students at a time. While too much waits, requests are refused
/// before work is begun; a record never is.
final class AuditTrail: Sendable {
  /// Students whose trails are written at one time.
  private static let batch = 200
  /// Milliseconds for which records gather, so that many accesses to a student's data cost one write of the trail.
  private static let gathering = 1_000
  /// So many gather no longer.
  private static let many = AuditQueue.limit / 4
  /// Milliseconds between two looks at how many there are.
  private static let interval = 250

  private struct State {
    var queue = AuditQueue()
    var isFlushing = false
  }

  private let state = Mutex(State())
  let logs: SegmentedLogStore
  private let store: StudentStore
  private let faults: UnreadableKeys
  private let runtime: Runtime
  private let log: Log
  /// Whether records are written to the log however little else is.
  private let isBinding: Bool

  /// A trail with nothing waiting.
  ///
  /// - Parameters:
  ///   - store: Where students' documents are, which say whether there is a student to keep a trail of.
  ///   - faults: The keys that cannot be read any more.
  ///   - runtime: The clock, waiting, chance.
  ///   - log: Where records go at once.
  ///   - isBinding: Whether each goes there as JSON, whatever the log's level and format.
  init(store: StudentStore, faults: UnreadableKeys, runtime: Runtime, log: Log, isBinding: Bool) {
    logs = SegmentedLogStore(sidecar: store.sidecar)
    self.store = store
    self.faults = faults
    self.runtime = runtime
    self.log = log
    self.isBinding = isBinding
  }

  /// The trail of a student as it is stored.
  static func stored(of key: StudentKey) -> SegmentedLog { SegmentedLog(key: key.stateKey("audit"), room: 4_096, daysToLive: 90) }

  /// Whether so much waits that requests are to be refused.
  var isFull: Bool { state.withLock { $0.queue.isFull } }

  /// Sets room aside for the records of a request, which is given back once they are made.
  ///
  /// - Returns: Whether the caller has so much left of its share.
  func reserve(_ number: Int, for source: AuditSource) -> Bool {
    state.withLock { $0.queue.reserve(number, for: source) }
  }

  /// Gives back the room that was set aside.
  func release(_ number: Int, of source: AuditSource) {
    state.withLock { $0.queue.release(number, of: source) }
  }

  /// Whether accesses cannot be put into the log that must be there before they are answered.
  var isMuted: Bool { isBinding && log.isStuck }

  /// Puts an access on record.
  ///
  /// - Parameters:
  ///   - record: The access.
  ///   - source: Whose share it takes while it waits; the record's own user's when missing.
  ///   - isKept: Whether it goes into the student's trail too.
  ///   - isOfStored: Whether the answer showed that something is stored of the student: then there is a trail though there is no
  ///     document.
  func record(_ record: AuditRecord, by source: AuditSource? = nil, isKept: Bool = true, isOfStored: Bool = false) {
    if isBinding { log.record(record.line, at: record.at) } else { log(.info, record.line, at: record.at) }
    guard isKept else { return }
    let entry = AuditQueue.Entry(record: record.stored, source: source ?? AuditSource(record), isOfStored: isOfStored)
    state.withLock { $0.queue.add(entry, of: record.student) }
  }

  /// A part of a student's trail, newest first, and how many records the whole of it has.
  ///
  /// - Throws: `Problem` when the store does not say.
  func page(
    of key: StudentKey, offset: Int, limit: Int, context: CallContext
  ) async throws(Problem) -> (records: [StoredRecord], total: Int) {
    do throws(SidecarFailure) {
      return try await logs.page(of: Self.stored(of: key), offset: offset, limit: limit, now: runtime.now(), context: context)
    } catch {
      throw .unavailable("the state store")
    }
  }

  // MARK: Into the trails

  /// Writes what waits into the trails, again and again until the task is cancelled.
  func keep() async {
    var gathered = 0
    while !Task.isCancelled {
      await runtime.sleep(milliseconds: Self.interval)
      gathered += Self.interval
      guard gathered >= Self.gathering || state.withLock({ $0.queue.count }) >= Self.many else { continue }
      gathered = 0
      _ = await write()
    }
  }

  /// Writes what waits into the trails, as far as the store takes it now.
  ///
  /// - Returns: How many records still wait.
  func write() async -> Int {
    while await flush() {}
    return state.withLock { $0.queue.count }
  }

  /// Writes all that waits, for as long as that may take.
  ///
  /// - Returns: How many records still wait.
  func drain(within milliseconds: Int64) async -> Int {
    let end = runtime.now().adding(milliseconds: milliseconds)
    while state.withLock({ $0.queue.count }) > 0, runtime.now() < end {
      if !(await flush()) { await runtime.sleep(milliseconds: 50) }
    }
    return state.withLock { $0.queue.count }
  }

  /// Writes what waits for the students whose turn it is, unless that is being done already.
  ///
  /// - Returns: Whether some of it was settled and more waits.
  func flush() async -> Bool {
    var batch = take()
    guard !batch.isEmpty else { return false }
    defer { state.withLock { $0.isFlushing = false } }
    var isProgress = false
    let context = CallContext()
    var outcomes = await add(batch, context)
    if batch.count > 1, outcomes.allSatisfy(\.isUnsettled) {
      // One that the store refuses must not keep its neighbours waiting.
      for place in batch.indices {
        batch[place].note(outcomes[place])
        outcomes[place] = await add([batch[place]], context)[0]
      }
    }
    for (own, outcome) in zip(batch, outcomes) {
      if case .impossible = outcome {
        log(
          LogLine(.error, "an audit trail cannot be written; the log has its records", [("key", .text(own.addition.log.key))]),
          at: runtime.now())
      }
      isProgress = settle(own, outcome) || isProgress
    }
    return isProgress && state.withLock { !$0.queue.isEmpty }
  }

  private struct Turn: Sendable {
    let key: StudentKey
    let entries: [AuditQueue.Entry]
    var addition: SegmentedLogStore.Addition

    /// Takes note of where its records may be already.
    mutating func note(_ outcome: SegmentedLogStore.Added) {
      if case .again(let since) = outcome { addition.since = since }
    }
  }

  private func take() -> [Turn] {
    state.withLock { state in
      guard !state.isFlushing, !state.queue.isEmpty else { return [] }
      state.isFlushing = true
      return state.queue.next(Self.batch).map { student, waiting in
        let entries = Array(waiting.entries.prefix(SegmentedLog.atOnce(waiting.entries.lazy.map(\.record))))
        let addition = SegmentedLogStore.Addition(log: Self.stored(of: student), records: entries.map(\.record), since: waiting.since)
        return Turn(key: student, entries: entries, addition: addition)
      }
    }
  }

  private func add(_ batch: [Turn], _ context: CallContext) async -> [SegmentedLogStore.Added] {
    await logs.add(batch.map(\.addition), now: runtime.now(), context: context) { () throws(SidecarFailure) in
      let found = try await store.load(batch.map(\.key), announcements: .none, context: context)
      faults.clear(zip(batch.lazy.map(\.key), found))
      let isAnswered = await store.answers(found, context: context)
      return found.enumerated().map { place, found in
        let records = batch[place].addition.records
        return switch found.stored {
        // Where nothing is known of a student, the log is all there is to be: whoever asks about anybody must not fill the store.
        case .absent: batch[place].entries.filter(\.isOfStored).map(\.record)
        case .faulty(.newerSchema): []
        case .document(let document) where document.isTombstone: []
        // While a former life is cleaned away nothing is written.
        case .document(let document) where document.ledger.erasing != nil: nil
        case .document(let document): records.filter { !document.ledger.isErased($0.at) }
        case .faulty(.unreadable): records
        // A key that cannot be read any more must not let records wait until there are too many.
        case .failed: faults.isLasting(batch[place].key, othersAnswered: isAnswered, now: runtime.now()) ? records : nil
        }
      }
    }
  }

  /// Takes note of what became of a turn; true when it is settled.
  private func settle(_ turn: Turn, _ outcome: SegmentedLogStore.Added) -> Bool {
    state.withLock { state in
      if case .again(let since) = outcome {
        state.queue.postpone(turn.key, since: since)
        return false
      }
      state.queue.settle(turn.entries.count, of: turn.key)
      return true
    }
  }
}
