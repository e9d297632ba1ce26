internal import Synchronization

/// Work that is retried until it is done, or until all retries are stopped.
final class Insistence: Sendable {
  private let state = Mutex((waiting: [String](), isClosed: false))
  private let executor: SeededExecutor

  init(_ executor: SeededExecutor) { self.executor = executor }

  /// The descriptions of work that is not done.
  var waiting: [String] { state.withLock { $0.waiting } }

  /// Whether retries are stopped.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Stops all retries.
  func close() { state.withLock { $0.isClosed = true } }

  /// Starts work.
  ///
  /// - Parameters:
  ///   - what: A description that holds while the work is not done.
  ///   - work: Retries until it is done, or until `isClosed`.
  func begin(_ what: String, _ work: @escaping @Sendable () async -> Void) {
    state.withLock { $0.waiting.append(what) }
    executor.begin { [self] in
      await work()
      state.withLock { $0.waiting.removeAll { $0 == what } }
    }
  }
}
