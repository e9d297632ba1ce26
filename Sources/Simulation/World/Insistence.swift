internal import Synchronization

/// What somebody repeats until it is done, or until nobody tries any longer.
final class Insistence: Sendable {
  private let state = Mutex((waiting: [String](), isClosed: false))
  private let executor: SeededExecutor

  init(_ executor: SeededExecutor) { self.executor = executor }

  /// What is still tried.
  var waiting: [String] { state.withLock { $0.waiting } }

  /// Whether nobody tries any longer.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Nobody tries any longer.
  func close() { state.withLock { $0.isClosed = true } }

  /// Begins something.
  ///
  /// - Parameters:
  ///   - what: Says of it that it is not done.
  ///   - work: Tries it.
  func begin(_ what: String, _ work: @escaping @Sendable () async -> Void) {
    state.withLock { $0.waiting.append(what) }
    executor.begin { [self] in
      await work()
      state.withLock { $0.waiting.removeAll { $0 == what } }
    }
  }
}
