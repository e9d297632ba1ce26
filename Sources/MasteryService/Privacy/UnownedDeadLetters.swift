public import DaprClient
public import MasteryCore

/// The dead letters of which nobody knows whose they are, for operators: no school's students, teachers or admins are shown them.
public struct UnownedDeadLetters: Sendable {
  /// Letters that are read at one time.
  private static let pageSize = 100

  private let logs: SegmentedLogStore

  /// The letters in the state store behind a sidecar.
  ///
  /// - Parameter sidecar: What the state store is behind.
  public init(sidecar: any Sidecar) {
    logs = SegmentedLogStore(sidecar: sidecar)
  }

  /// Hands out the letters that are kept, the latest first, each as the JSON text of a `FailedEvent`.
  ///
  /// - Parameters:
  ///   - limit: How many at the most.
  ///   - now: The time: those that have been kept for 30 days are over.
  ///   - take: Takes a letter.
  /// - Returns: How many there were.
  /// - Throws: `SidecarFailure` when the store does not say.
  public func read(limit: Int, now: Timestamp, _ take: ([UInt8]) -> Void) async throws(SidecarFailure) -> Int {
    let context = CallContext(deadline: 10_000)
    var (offset, count) = (0, 0)
    while count < limit {
      let page = try await logs.page(of: DeadLetterKeep.unowned, offset: offset, limit: Self.pageSize, now: now, context: context)
      for record in page.records.prefix(limit - count) {
        take(record.json)
        count += 1
      }
      offset += Self.pageSize
      guard offset < page.total else { break }
    }
    return count
  }
}
