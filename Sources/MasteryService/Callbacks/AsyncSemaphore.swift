internal import Synchronization

/// So many pieces of work at a time: under load the others wait here.
final class AsyncSemaphore: Sendable {
  private struct State {
    var free: Int
    /// Who waits, the next one at the end.
    var waiting: [(urgency: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>

  /// AsyncSemaphore for so much at a time, at least one.
  init(_ atATime: Int) {
    state = Mutex(State(free: max(1, atATime)))
  }

  /// How many wait.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// Waits for a turn, works, and hands the turn on; the more urgent comes before the less urgent, whenever it came.
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
        let place = state.waiting.firstIndex { $0.urgency >= urgency } ?? state.waiting.endIndex
        state.waiting.insert((urgency, continuation), at: place)
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
