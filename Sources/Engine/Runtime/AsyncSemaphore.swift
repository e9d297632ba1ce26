internal import Synchronization

/// Limits the work done at once; further work waits here.
final class AsyncSemaphore: Sendable {
  private struct State {
    var free: Int
    /// The waiting tasks, the next one at the end.
    var waiting: [(urgency: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>

  /// Creates a semaphore with the given number of permits, at least one.
  init(_ atATime: Int) {
    state = Mutex(State(free: max(1, atATime)))
  }

  /// Number of waiting tasks.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// Waits for a permit, runs the work, and passes the permit on; more urgent work goes first, regardless of arrival.
  func take<Result>(urgency: Int = 0, _ work: () async -> Result) async -> Result {
    await begin(urgency)
    let result = await work()
    end()
    return result
  }

  private func begin(_ urgency: Int) async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        let index = state.waiting.firstIndex { $0.urgency >= urgency } ?? state.waiting.endIndex
        state.waiting.insert((urgency, continuation), at: index)
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
    next?.continuation.resume()
  }
}
