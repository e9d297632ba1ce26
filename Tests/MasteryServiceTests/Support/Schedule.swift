import Synchronization

/// Lets two walks take their steps in every possible order, one order after the other, as long as the second takes at most that many steps
/// before the first ends.
final class Schedule: Sendable {
  private struct State {
    let limit: Int
    /// Which walk goes first if both could, as far as this order is decided.
    var choices: [Int] = []
    var taken = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var ended: Set<Int> = []

    /// The walk whose turn it is, once each waits or has ended.
    mutating func next() -> CheckedContinuation<Void, Never>? {
      guard waiting.count + ended.count == 2, let first = waiting.keys.min() else { return nil }
      guard waiting.count == 2, choices[..<taken].count(where: { $0 == 1 }) < limit else { return waiting.removeValue(forKey: first) }
      if taken == choices.count { choices.append(0) }
      taken += 1
      return waiting.removeValue(forKey: choices[taken - 1])
    }
  }

  private let state: Mutex<State>

  /// The first order.
  init(limit: Int) {
    state = Mutex(State(limit: limit))
  }

  /// Waits for the turn of a walk.
  func turn(_ walk: Int) async {
    await withCheckedContinuation { continuation in
      step { $0.waiting[walk] = continuation }
    }
  }

  /// A walk has ended.
  func end(_ walk: Int) { step { $0.ended.insert(walk) } }

  /// Moves to the next order; false if there is none.
  func advance() -> Bool {
    state.withLock { state in
      while state.choices.last == 1 { state.choices.removeLast() }
      guard !state.choices.isEmpty else { return false }
      state.choices[state.choices.count - 1] = 1
      (state.taken, state.ended) = (0, [])
      return true
    }
  }

  private func step(_ change: (inout State) -> Void) {
    let next = state.withLock { state in
      change(&state)
      return state.next()
    }
    next?.resume()
  }
}
