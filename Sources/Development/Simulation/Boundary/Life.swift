internal import Synchronization

/// Whether a replica is alive, and whether it is frozen.
///
/// A killed replica's tasks run to completion, since nothing else would free them, but have no effect.
final class Life: Sendable {
  private struct State {
    var isAlive = true
    var frozenUntil: Int64 = 0
  }

  private let state = Mutex(State())
  private let timeline: Timeline

  init(_ timeline: Timeline) { self.timeline = timeline }

  var isAlive: Bool { state.withLock { $0.isAlive } }

  /// Kills the replica.
  func end() { state.withLock { $0.isAlive = false } }

  /// Freezes the replica until a time in milliseconds since 1970.
  func freeze(until end: Int64) { state.withLock { $0.frozenUntil = max($0.frozenUntil, end) } }

  /// Waits that many milliseconds, longer while the replica is frozen, and not at all if it is dead.
  func pass(_ milliseconds: Int) async {
    guard isAlive else { return }
    await timeline.wait(milliseconds)
    while case let end = state.withLock({ $0.isAlive ? $0.frozenUntil : 0 }), end > timeline.now {
      await timeline.wait(Int(end - timeline.now))
    }
  }
}
