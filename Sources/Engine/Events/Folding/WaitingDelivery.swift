internal import Synchronization

/// A delivery's stay in the lanes: its pending students, and the lanes that it has to lead.
final class WaitingDelivery: Sendable {
  /// The next step of a waiting delivery.
  enum Next {
    /// Fold students whose lanes have been handed over.
    case lead([HeldLane])
    /// All students are done.
    case done([FoldOutcome])
  }

  private struct State {
    var open = 0
    /// Outcomes by the student's index; incomplete until all are done.
    var outcomes: [FoldOutcome] = []
    var lanes: [HeldLane] = []
    var continuation: CheckedContinuation<Next, Never>?

    /// Takes the next step; nil if the delivery has to wait.
    mutating func takeNext() -> Next? {
      if !lanes.isEmpty {
        defer { lanes = [] }
        return .lead(lanes)
      }
      return open == 0 ? .done(outcomes) : nil
    }
  }

  private let state = Mutex(State())

  /// Whether the delivery is only waiting, so that it can lead immediately.
  var isIdle: Bool { state.withLock { $0.continuation != nil } }

  func expect(_ students: Int) {
    state.withLock { state in
      state.open = students
      state.outcomes = Array(repeating: .retry("not folded"), count: students)
    }
  }

  /// Records the outcome of one student.
  func finish(_ index: Int, _ outcome: FoldOutcome) {
    resume { state in
      state.open -= 1
      state.outcomes[index] = outcome
    }
  }

  /// Hands lanes to the delivery, which folds them as soon as it is not folding already.
  func lead(_ lanes: [HeldLane]) {
    resume { $0.lanes.append(contentsOf: lanes) }
  }

  /// Waits until there are lanes to lead, or all students are done.
  func next() async -> Next {
    await withCheckedContinuation { continuation in
      resume { $0.continuation = continuation }
    }
  }

  private func resume(after change: (inout State) -> Void) {
    let (continuation, next) = state.withLock { state -> (CheckedContinuation<Next, Never>?, Next?) in
      change(&state)
      guard let continuation = state.continuation, let next = state.takeNext() else { return (nil, nil) }
      state.continuation = nil
      return (continuation, next)
    }
    if let continuation, let next { continuation.resume(returning: next) }
  }
}
