internal import DaprClient
internal import MasteryCore
internal import Synchronization

/// Records accesses to students' data: immediately in the log, and within seconds in the student's own trail.
///
/// Records that wait for the trails are kept in memory and written for many students at a time. While too many wait, requests are refused
/// before work starts; a record never is.
final class AuditTrail: Sendable {
  /// Maximum number of students whose trails are written at once.
  private static let batch = 200
  /// Milliseconds for which records are collected, so that many accesses to a student's data cost one write of the trail.
  private static let gathering = 1_000
  /// From this number on, records are written without further delay.
  private static let many = AuditQueue.limit / 4
  /// Milliseconds between two checks of the queue.
  private static let interval = 250

  private struct State {
    var queue = AuditQueue()
    var isFlushing = false
    /// Number of students whose trails are written at once: less after each call without an answer, in case that it was too large.
    var width = AuditTrail.batch
  }

  private let state = Mutex(State())
  let logs: SegmentedLogStore
  private let store: StudentStore
  private let faults: UnreadableKeys
  private let runtime: Runtime
  private let log: Log
  /// Whether records are always written to the log, whatever its level.
  private let isBinding: Bool

  /// Creates a trail with an empty queue.
  ///
  /// - Parameters:
  ///   - store: The store of student documents, which show whether there is a student to keep a trail of.
  ///   - faults: The keys that have become unreadable.
  ///   - runtime: The clock, sleeping and randomness.
  ///   - log: The log that receives records immediately.
  ///   - isBinding: Whether each record is logged as JSON, whatever the log's level and format.
  init(store: StudentStore, faults: UnreadableKeys, runtime: Runtime, log: Log, isBinding: Bool) {
    logs = SegmentedLogStore(sidecar: store.sidecar)
    self.store = store
    self.faults = faults
    self.runtime = runtime
    self.log = log
    self.isBinding = isBinding
  }

  /// The stored trail of a student.
  static func stored(of key: StudentKey) -> SegmentedLog { SegmentedLog(key: key.stateKey("audit"), room: 4_096, daysToLive: 90) }

  /// Whether the queue is so full that requests have to be refused.
  var isFull: Bool { state.withLock { $0.queue.isFull } }

  /// Number of accesses that wait to be written.
  var waiting: Int { state.withLock { $0.queue.count } }

  /// Reserves room for the records of a request, which is released once they are made.
  ///
  /// - Returns: Whether the caller has that much left of its share.
  func reserve(_ number: Int, for source: AuditSource) -> Bool {
    state.withLock { $0.queue.reserve(number, for: source) }
  }

  /// Releases reserved room.
  func release(_ number: Int, of source: AuditSource) {
    state.withLock { $0.queue.release(number, of: source) }
  }

  /// Whether the log, which must hold accesses before they are answered, cannot be written.
  var isMuted: Bool { isBinding && log.isStuck }

  /// Records an access.
  ///
  /// - Parameters:
  ///   - record: The access.
  ///   - source: The source whose share it takes while it waits; by default the record's own user.
  ///   - isKept: Whether it is also written to the student's trail.
  ///   - isOfStored: Whether the answer showed that data about the student is stored; then there is a trail even without a document.
  func record(_ record: AuditRecord, by source: AuditSource? = nil, isKept: Bool = true, isOfStored: Bool = false) {
    let line = record.line
    if isBinding { log.record(line, at: record.at) } else { log(.info, line, at: record.at) }
    guard isKept else { return }
    let entry = AuditQueue.Entry(record: record.stored, source: source ?? AuditSource(record), isOfStored: isOfStored)
    state.withLock { $0.queue.add(entry, of: record.student) }
  }

  /// A page of a student's trail, newest first, and the total number of records.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func page(
    of key: StudentKey, offset: Int, limit: Int, context: CallContext
  ) async throws(Problem) -> (records: [StoredRecord], total: Int) {
    do throws(SidecarFailure) {
      return try await logs.page(of: Self.stored(of: key), offset: offset, limit: limit, now: runtime.now(), context: context)
    } catch {
      throw .unavailable("the state store")
    }
  }

  // MARK: Writing trails

  /// Writes waiting records to the trails repeatedly until the task is cancelled.
  func keep() async {
    var gathered = 0
    while !Task.isCancelled {
      await runtime.sleep(milliseconds: Self.interval)
      gathered += Self.interval
      guard gathered >= Self.gathering || waiting >= Self.many else { continue }
      gathered = 0
      _ = await write()
    }
  }

  /// Writes waiting records to the trails as far as the store accepts them now.
  ///
  /// - Returns: Number of records still waiting.
  func write() async -> Int {
    while await flush() {}
    return waiting
  }

  /// Writes all waiting records within the time limit.
  ///
  /// - Returns: Number of records still waiting.
  func drain(within milliseconds: Int64) async -> Int {
    let end = runtime.now().adding(milliseconds: milliseconds)
    while waiting > 0, runtime.now() < end {
      if !(await flush(until: end)) { await runtime.sleep(milliseconds: 50) }
    }
    return waiting
  }

  /// Writes the records of the next students, unless a write is already running.
  ///
  /// - Parameter end: When to stop; nil for no end.
  /// - Returns: Whether some records were settled and more are waiting.
  func flush(until end: Timestamp? = nil) async -> Bool {
    var batch = take()
    guard !batch.isEmpty else { return false }
    defer { state.withLock { $0.isFlushing = false } }
    var isProgress = false
    var outcomes = await add(batch, context(until: end))
    let isAway = outcomes.contains(where: \.isAway)
    state.withLock { $0.width = isAway ? max(1, $0.width / 2) : min(Self.batch, 2 * $0.width) }
    if batch.count > 1 {
      // An addition that the store refuses must not hold up its neighbours.
      for index in batch.indices where outcomes[index].needsOwnTry {
        guard end.map({ runtime.now() < $0 }) ?? true else { break }
        batch[index].note(outcomes[index])
        outcomes[index] = await add([batch[index]], context(until: end))[0]
        if outcomes[index].isAway { break }
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

  /// The context of a call that need not be answered after the end.
  private func context(until end: Timestamp?) -> CallContext {
    var context = CallContext()
    if let end { context.deadline = max(1, min(context.deadline, Int(end.milliseconds - runtime.now().milliseconds))) }
    return context
  }

  private struct Turn: Sendable {
    let key: StudentKey
    let entries: [AuditQueue.Entry]
    var addition: SegmentedLogStore.Addition

    /// Remembers where its records may already be.
    mutating func note(_ outcome: SegmentedLogStore.Added) {
      switch outcome {
      case .again(let since), .failed(let since, _): addition.since = since
      case .done, .impossible: break
      }
    }
  }

  private func take() -> [Turn] {
    state.withLock { state in
      guard !state.isFlushing, !state.queue.isEmpty else { return [] }
      state.isFlushing = true
      return state.queue.next(state.width).map { student, waiting in
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
      return found.enumerated().map { index, found in
        let records = batch[index].addition.records
        return switch found.stored {
        // For an unknown student the log record is enough: requests about arbitrary ids must not fill the store.
        case .absent: batch[index].entries.filter(\.isOfStored).map(\.record)
        case .faulty(.newerSchema): []
        case .document(let document) where document.isTombstone: []
        // Nothing is written while a former life is being erased.
        case .document(let document) where document.ledger.erasing != nil: nil
        case .document(let document): records.filter { !document.ledger.isErased($0.at) }
        case .faulty(.unreadable): records
        // A key that has become unreadable must not let its records accumulate.
        case .failed: faults.isLasting(batch[index].key, othersAnswered: isAnswered, now: runtime.now()) ? records : nil
        }
      }
    }
  }

  /// Handles the outcome of a turn; true if it is settled.
  private func settle(_ turn: Turn, _ outcome: SegmentedLogStore.Added) -> Bool {
    state.withLock { state in
      switch outcome {
      case .again(let since), .failed(let since, _):
        state.queue.postpone(turn.key, since: since)
        return false
      case .done, .impossible:
        state.queue.settle(turn.entries.count, of: turn.key)
        return true
      }
    }
  }
}
