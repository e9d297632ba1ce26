internal import MasteryCore
internal import Synchronization

/// Which of the broker's components failed, as what was published shows.
///
/// What failed stays failed until something was taken: a broker that is gone does not come back by waiting.
final class BrokerWatch: Sendable {
  /// Milliseconds between two probe messages to a component that failed.
  static let probePause: Int64 = 2_000

  private struct State {
    /// The components that failed, and when each was probed last.
    var failed: [String: Timestamp?] = [:]
  }

  private let state = Mutex(State())

  /// The components that failed, by name.
  var failed: [String] { state.withLock { $0.failed.keys.sorted() } }

  /// A component took a message.
  func took(_ component: String) {
    state.withLock { state in
      guard !state.failed.isEmpty else { return }
      state.failed[component] = nil
    }
  }

  /// A component took nothing of what was published.
  func refused(_ component: String) {
    state.withLock { state in
      guard state.failed[component] == nil else { return }
      state.failed.updateValue(nil, forKey: component)
    }
  }

  /// The components that a probe message is due for; whoever asks has to send it.
  func due(at now: Timestamp) -> [String] {
    state.withLock { state in
      let due = state.failed.filter { _, probed in probed.map { now >= $0.adding(milliseconds: Self.probePause) } ?? true }
      for component in due.keys { state.failed.updateValue(now, forKey: component) }
      return due.keys.sorted()
    }
  }
}
