internal import Synchronization

/// Something that is repeated until it is done, or until all repetition ends.
final class Insistence: Sendable {
  private let state = Mutex((waiting: [String](), isClosed: false))
  private let executor: SeededExecutor

  init(_ executor: SeededExecutor) { self.executor = executor }

  /// What is still repeated.
  var waiting: [String] { state.withLock { $0.waiting } }

  /// Whether all repetition has ended.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Ends all repetition.
  func close() { state.withLock { $0.isClosed = true } }

  /// Begins something.
  ///
  /// - Parameters:
  ///   - what: Its description while it is not done.
  ///   - work: Tries it.
  func begin(_ what: String, _ work: @escaping @Sendable () async -> Void) {
    state.withLock { $0.waiting.append(what) }
    executor.begin { [self] in
      await work()
      state.withLock { $0.waiting.removeAll { $0 == what } }
    }
  }
}
