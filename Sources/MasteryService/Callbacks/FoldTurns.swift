internal import Synchronization

/// So many folds at a time: under load a delivery waits here, and gathers meanwhile what comes for its students.
final class FoldTurns: Sendable {
  private struct State {
    var free: Int
    /// Who waits, the first to come at the end.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  /// Turns for so many folds at a time, at least one.
  init(_ atATime: Int) {
    state = Mutex(State(free: max(1, atATime)))
  }

  /// Waits for a turn, works, and hands the turn on.
  func take<Result>(_ work: () async -> Result) async -> Result {
    await begin()
    let result = await work()
    end()
    return result
  }

  private func begin() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiting.insert(continuation, at: 0)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  private func end() {
    let next = state.withLock { state in
      let next = state.waiting.popLast()
      if next == nil { state.free += 1 }
      return next
    }
    next?.resume()
  }
}
