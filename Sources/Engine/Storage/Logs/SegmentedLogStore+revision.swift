internal import DaprClient
internal import JSON
internal import MasteryCore

extension SegmentedLogStore {
  /// Number of heads read in one request.
  private static let headsAtOnce = 16
  private static let day: Int64 = 86_400_000

  /// Reads lists in bounded memory: the values of each list, the latest first, one after the other.
  ///
  /// - Parameters:
  ///   - logs: The lists.
  ///   - since: Pieces that end a day or more before this moment are left out.
  ///   - now: The time; expired records are left out.
  ///   - context: Deadline and trace.
  ///   - take: Receives the records of one value, the latest first; returns whether more are wanted.
  /// - Throws: `SidecarFailure` if the store gives no answer.
  func survey(
    _ logs: [SegmentedLog], since: Timestamp = .earliest, now: Timestamp, context: CallContext,
    _ take: (SegmentedLog, [StoredRecord]) -> Bool
  ) async throws(SidecarFailure) {
    for some in logs.pieces(of: Self.headsAtOnce) {
      for (log, loaded) in zip(some, try await load(some.map(\.key), context) { RecordLogHead($0) }) {
        guard let standing = loaded else { throw Self.unanswered }
        guard let head = standing.value else { continue }
        let earliest = log.earliest(now)
        func taken(_ records: [StoredRecord]) -> Bool { take(log, records.reversed().filter { $0.at >= earliest }) }
        guard taken(head.records) else { return }
        // Clocks differ, so the last record of a piece need not be its latest.
        for (index, piece) in head.pieces.enumerated().reversed() where piece.latest.adding(milliseconds: Self.day) >= max(since, earliest)
        {
          guard taken(try await records(ofPiece: head.first + index, in: log, context).records) else { return }
        }
      }
    }
  }

  /// Changes records of a list where they are, value by value, each under the ETag that was read.
  ///
  /// Nothing can come back that an erasure removed: only records that the value still holds are written, and cleaning writes every value.
  ///
  /// - Parameters:
  ///   - log: The list.
  ///   - context: Deadline and trace.
  ///   - revised: Receives the records of one value, and returns as many in their place; nil if they stay. When it is called again, or
  ///     this function returns, what it returned before is stored.
  /// - Throws: `SidecarFailure` if the store gives no answer, or another writer was faster: then it has to be retried from the beginning.
  func revise(
    _ log: SegmentedLog, context: CallContext, _ revised: ([StoredRecord]) async -> [StoredRecord]?
  ) async throws(SidecarFailure) {
    guard let standing = try await load([log.key], context, { RecordLogHead($0) })[0] else { throw Self.unanswered }
    guard var head = standing.value else { return }
    if let records = await revised(head.records) {
      head.records = records
      try await sidecar.save([log.saving(head, standing.condition)], context: context)
    }
    for index in head.pieces.indices.reversed() {
      var (records, condition) = try await records(ofPiece: head.first + index, in: log, context)
      guard !records.isEmpty, let changed = await revised(records) else { continue }
      records = changed
      try await sidecar.save([log.saving(RecordLogPiece(number: head.first + index, records: records), condition)], context: context)
    }
  }

  /// The records of a piece, none if it is no longer there, and the condition for replacing it.
  private func records(
    ofPiece number: Int, in log: SegmentedLog, _ context: CallContext
  ) async throws(SidecarFailure) -> (records: [StoredRecord], condition: SaveItem.Condition) {
    guard let found = try await load([log.key(ofPiece: number)], context, { RecordLogPiece($0) })[0] else { throw Self.unanswered }
    return (found.value.flatMap { $0.number == number ? $0.records : nil } ?? [], found.condition)
  }
}
