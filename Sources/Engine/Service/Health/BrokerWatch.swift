internal import MasteryCore
internal import Synchronization

/// Tracks which broker components have failed, according to the results of publishing.
///
/// A failed component stays failed until it accepts a message: a broker that is gone does not come back by waiting.
final class BrokerWatch: Sendable {
  /// Milliseconds between two probe messages to a failed component.
  static let probePause: Int64 = 2_000

  private struct State {
    /// The failed components, and the time of each one's last probe.
    var failed: [String: Timestamp?] = [:]
  }

  private let state = Mutex(State())

  /// The failed components, by name.
  var failed: [String] { state.withLock { $0.failed.keys.sorted() } }

  /// Records that a component accepted a message.
  func took(_ component: String) {
    state.withLock { state in
      guard !state.failed.isEmpty else { return }
      state.failed[component] = nil
    }
  }

  /// Records that a component accepted nothing of what was published.
  func refused(_ component: String) {
    state.withLock { state in
      guard state.failed[component] == nil else { return }
      state.failed.updateValue(nil, forKey: component)
    }
  }

  /// The components due for a probe message, which the caller has to send.
  func due(at now: Timestamp) -> [String] {
    state.withLock { state in
      let due = state.failed.filter { _, probed in probed.map { now >= $0.adding(milliseconds: Self.probePause) } ?? true }
      for component in due.keys { state.failed.updateValue(now, forKey: component) }
      return due.keys.sorted()
    }
  }
}
