internal import DaprClient
internal import JSON
internal import MasteryCore

/// Reads, extends and cleans lists of records.
///
/// Each write follows the order of the Architecture article, "Erasure in two phases": first the keys, then the document that shows whether
/// the student is still to be remembered, then the save by ETag. So nothing that an erasure removed in between comes back.
struct SegmentedLogStore: Sendable {
  let sidecar: any Sidecar

  /// Records to add to a list.
  struct Addition: Sendable {
    let log: SegmentedLog
    /// The records in order of time, at most as many as `SegmentedLog.atOnce` allows.
    let records: [StoredRecord]
    /// The first piece that may already hold some of them; nil if they are new.
    var since: Int?
  }

  /// The outcome of an addition.
  enum Added: Hashable, Sendable {
    /// All records that may be stored are stored; `dropped` counts older records removed for them.
    case done(dropped: Int)
    /// It has to be retried; some records may be stored, in the head or from that piece on.
    case again(since: Int?)
    /// The same, because a call failed. Unless the store is away, one of several additions may be the reason, and each has to be retried by
    /// itself.
    case failed(since: Int?, isAway: Bool)
    /// It can never be added.
    case impossible

    /// Whether it has to be retried by itself.
    var needsOwnTry: Bool { if case .failed(_, isAway: false) = self { true } else { false } }
    /// Whether the store is away, so that further calls would only wait as well.
    var isAway: Bool { if case .failed(_, isAway: true) = self { true } else { false } }
  }

  /// The stored value of a key, and the condition for replacing it.
  struct Standing<Value: Sendable> {
    /// Nil if there is no value.
    let value: Value?
    let condition: SaveItem.Condition
  }

  // MARK: Adding

  /// Adds records to lists, each list independently.
  ///
  /// - Parameters:
  ///   - additions: The additions, each list once.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  ///   - admitted: Called after the lists are read; returns the records of an addition that may be stored now, or nil if that is not known
  ///     yet.
  /// - Returns: The outcome of each addition.
  func add(
    _ additions: [Addition], now: Timestamp, context: CallContext, admitted: () async throws(SidecarFailure) -> [[StoredRecord]?]
  ) async -> [Added] {
    var steps: [Step] = []
    do {
      steps = try await self.steps(additions, now: now, context)
      let admitted = try await admitted()
      var (pieces, heads): ([SaveItem], [SaveItem]) = ([], [])
      for index in additions.indices where steps[index].outcome == nil {
        guard let records = admitted[index] else {
          steps[index].outcome = .again(since: additions[index].since)
          continue
        }
        guard let saves = steps[index].adding(records, to: additions[index].log) else { continue }
        if let piece = saves.piece { pieces.append(piece) }
        heads.append(saves.head)
      }
      // The head is saved last, so that its list of pieces is true whenever it is read.
      if !pieces.isEmpty { try await sidecar.save(pieces, context: context) }
      if !heads.isEmpty { try await sidecar.save(heads, context: context) }
      return steps.map { $0.outcome ?? .done(dropped: $0.dropped) }
    } catch .refused where additions.count == 1 {
      return [.impossible]
    } catch {
      return additions.enumerated().map { index, addition in
        if !steps.isEmpty, let outcome = steps[index].outcome { return outcome }
        return .failed(since: addition.since ?? (steps.isEmpty ? nil : steps[index].read), isAway: error.isOutage)
      }
    }
  }

  /// The pending changes of one list.
  private struct Step {
    var outcome: Added?
    var head = RecordLogHead()
    /// The number of the next piece according to the head that was read.
    var read = 0
    var condition = SaveItem.Condition.absent
    /// The piece that the head's records move into; nil if they stay.
    var piece: (number: Int, condition: SaveItem.Condition)?
    /// The ids that are already stored.
    var known: Set<String> = []
    var dropped = 0
    let now: Timestamp

    /// The items to save in order to add records; nil if there is nothing to add.
    mutating func adding(_ records: [StoredRecord], to log: SegmentedLog) -> (piece: SaveItem?, head: SaveItem)? {
      let new = records.filter { known.insert($0.id).inserted }
      guard !new.isEmpty else { return nil }
      var moved: SaveItem?
      if let piece {
        moved = log.saving(RecordLogPiece(number: piece.number, records: head.records), piece.condition)
        (head, dropped) = head.rolled(log, now: now)
      }
      head.records += new
      return (moved, log.saving(head, condition))
    }
  }

  /// Reads heads and the next pieces.
  private func steps(_ additions: [Addition], now: Timestamp, _ context: CallContext) async throws(SidecarFailure) -> [Step] {
    var steps = additions.map { _ in Step(now: now) }
    let heads = try await load(additions.map(\.log.key), context) { RecordLogHead($0) }
    var wanted: [(index: Int, number: Int)] = []
    for (index, loaded) in heads.enumerated() {
      switch loaded {
      case nil: steps[index].outcome = .again(since: additions[index].since)
      case let standing? where standing.value == nil && standing.condition != .absent: steps[index].outcome = .impossible
      case let standing?:
        let head = standing.value ?? RecordLogHead()
        (steps[index].head, steps[index].condition) = (head, standing.condition)
        steps[index].known = Set(head.records.map(\.id))
        steps[index].read = head.next
        if head.isFull { wanted.append((index, head.next)) }
        // Another replica may have moved them since they were added.
        if let since = additions[index].since, since < head.next {
          for number in max(since, head.first)..<head.next { wanted.append((index, number)) }
        }
      }
    }
    let pieces = try await load(wanted.map { additions[$0.index].log.key(ofPiece: $0.number) }, context) { RecordLogPiece($0) }
    for ((index, number), loaded) in zip(wanted, pieces) {
      guard let standing = loaded else {
        steps[index].outcome = .again(since: additions[index].since)
        continue
      }
      let records = standing.value.flatMap { $0.number == number ? $0.records : nil } ?? []
      if number < steps[index].head.next {
        steps[index].known.formUnion(records.map(\.id))
      } else if records.count > steps[index].head.records.count {
        // A piece only grows, so the head that was read is outdated.
        steps[index].outcome = .again(since: additions[index].since)
      } else {
        steps[index].piece = (number, standing.condition)
      }
    }
    return steps
  }

  // MARK: Reading

  /// A page of a list, latest first, and the total number of records.
  ///
  /// - Throws: `SidecarFailure` if the store gives no answer.
  func page(
    of log: SegmentedLog, offset: Int = 0, limit: Int = .max, now: Timestamp, context: CallContext
  ) async throws(SidecarFailure) -> (records: [StoredRecord], total: Int) {
    guard let standing = try await load([log.key], context, { RecordLogHead($0) })[0] else { throw Self.unanswered }
    guard let head = standing.value else { return ([], 0) }
    var skipped = offset
    var records = Array(head.records.reversed().dropFirst(skipped).prefix(limit))
    skipped -= min(skipped, head.records.count)
    for (index, piece) in head.pieces.enumerated().reversed() where records.count < limit {
      guard skipped < piece.count else {
        skipped -= piece.count
        continue
      }
      let number = head.first + index
      guard let found = try await load([log.key(ofPiece: number)], context, { RecordLogPiece($0) })[0] else { throw Self.unanswered }
      let read = found.value.flatMap { $0.number == number ? $0.records : nil } ?? []
      records += read.reversed().dropFirst(skipped).prefix(limit - records.count)
      skipped = 0
    }
    let earliest = log.earliest(now)
    return (records.filter { $0.at >= earliest }, head.total)
  }

  // MARK: Cleaning

  /// Removes records from a list permanently: every piece is rewritten, including the next one and empty keys, so that a process that read
  /// it before can no longer save.
  ///
  /// - Parameters:
  ///   - log: The list.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  ///   - isDue: Called after the list is read; whether it still has to be cleaned.
  ///   - stays: Whether a record stays.
  /// - Returns: Number of records removed; 0 if the cleaning was no longer due.
  /// - Throws: `SidecarFailure` if it has to be retried.
  func clean(
    _ log: SegmentedLog, now: Timestamp, context: CallContext, isDue: () async throws(SidecarFailure) -> Bool,
    stays: (StoredRecord) -> Bool
  ) async throws(SidecarFailure) -> Int {
    guard let standing = try await load([log.key], context, { RecordLogHead($0) })[0] else { throw Self.unanswered }
    var head = standing.value ?? RecordLogHead()
    // If the head cannot be read, the number of pieces is unknown, and the first ones may have expired.
    let isDamaged = standing.value == nil && standing.condition != .absent
    let last = isDamaged ? log.room - 1 : head.next
    let earliest = log.earliest(now)
    var removed = 0
    func kept(_ records: [StoredRecord]) -> [StoredRecord] {
      let staying = records.filter { $0.at >= earliest && stays($0) }
      removed += records.count - staying.count
      return staying
    }
    for start in stride(from: head.first, through: last, by: Self.cleanedAtOnce) {
      let numbers = Array(start...min(start + Self.cleanedAtOnce - 1, last))
      let pieces = try await load(numbers.map(log.key(ofPiece:)), context) { RecordLogPiece($0) }
      guard try await isDue() else { return 0 }
      if isDamaged, start > 0, pieces.allSatisfy({ $0?.condition == .absent }) { continue }
      var items: [SaveItem] = []
      for (number, piece) in zip(numbers, pieces) {
        guard let piece else { throw Self.unanswered }
        let own = piece.value.flatMap { $0.number == number ? $0.records : nil } ?? []
        let records = number < head.next ? kept(own) : []
        if number < head.next { head.pieces[number - head.first].count = records.count }
        items.append(log.saving(RecordLogPiece(number: number, records: records), piece.condition))
      }
      try await sidecar.save(items, context: context)
    }
    removed += try await cleanDropped(log, before: head.first, context, isDue)
    guard try await isDue() else { return 0 }
    head.records = kept(head.records)
    try await sidecar.save([log.saving(head, standing.condition)], context: context)
    return removed
  }

  /// Empties pieces that the head has dropped but that still exist, for example because of a wrong clock; returns the number of their
  /// records.
  private func cleanDropped(
    _ log: SegmentedLog, before first: Int, _ context: CallContext, _ isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    var removed = 0
    for number in (0..<first).reversed() {
      guard let piece = try await load([log.key(ofPiece: number)], context, { RecordLogPiece($0) })[0] else { throw Self.unanswered }
      guard let value = piece.value, value.number == number, try await isDue() else { break }
      try await sidecar.save([log.saving(RecordLogPiece(number: number, records: []), piece.condition)], context: context)
      removed += value.records.count
    }
    return removed
  }

  // MARK: -

  /// Number of pieces read and written at once while a list is cleaned.
  private static let cleanedAtOnce = 32

  static let unanswered = SidecarFailure.unread("a key was not answered")

  /// The stored values of keys; nil for a key that could not be read.
  func load<Value: Sendable>(
    _ keys: [String], _ context: CallContext, _ read: @Sendable (JSONValue) -> Value?
  ) async throws(SidecarFailure) -> [Standing<Value>?] {
    guard !keys.isEmpty else { return [] }
    return try await sidecar.load(keys, context: context) { _, value in read(value) }.map { loaded in
      switch loaded.state {
      case .missing: Standing(value: nil, condition: .absent)
      case .value(let value, let etag): Standing(value: value, condition: .matches(etag))
      case .unreadable(_, let etag): Standing(value: nil, condition: .replacing(unreadable: etag))
      case .failed: nil
      }
    }
  }
}

extension SegmentedLog {
  func saving(_ head: RecordLogHead, _ condition: SaveItem.Condition) -> SaveItem {
    SaveItem(key: key, value: head.bytes, condition: condition, secondsToLive: daysToLive * 86_400)
  }

  func saving(_ piece: RecordLogPiece, _ condition: SaveItem.Condition) -> SaveItem {
    SaveItem(key: key(ofPiece: piece.number), value: piece.bytes, condition: condition, secondsToLive: daysToLive * 86_400)
  }
}
