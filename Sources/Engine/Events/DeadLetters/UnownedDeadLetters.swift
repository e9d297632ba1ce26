public import DaprClient
public import MasteryCore

/// The dead letters with an unknown owner, for operators: no school's students, teachers or admins see them.
public struct UnownedDeadLetters: Sendable {
  /// Number of letters read at once.
  private static let pageSize = 100

  private let logs: SegmentedLogStore

  /// Creates access to the letters in the state store of a sidecar.
  ///
  /// - Parameter sidecar: The sidecar in front of the state store.
  public init(sidecar: any Sidecar) {
    logs = SegmentedLogStore(sidecar: sidecar)
  }

  /// Reads the stored letters, the latest first, each as the JSON text of a `FailedEvent`.
  ///
  /// - Parameters:
  ///   - limit: The maximum number of letters.
  ///   - now: The time; letters stored for 30 days have expired.
  ///   - take: Receives a letter.
  /// - Returns: Number of letters.
  /// - Throws: `SidecarFailure` if the store gives no answer.
  public func read(limit: Int, now: Timestamp, _ take: ([UInt8]) -> Void) async throws(SidecarFailure) -> Int {
    let context = CallContext(deadline: 10_000)
    var (offset, count) = (0, 0)
    while count < limit {
      let page = try await logs.page(of: DeadLetterStore.unowned, offset: offset, limit: Self.pageSize, now: now, context: context)
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
