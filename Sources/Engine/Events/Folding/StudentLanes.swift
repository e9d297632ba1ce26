internal import MasteryCore
internal import Synchronization

/// One lane per student: at most one fold of a student runs in this process at any time.
///
/// The events of one submission arrive on several topics at once, so folds of different deliveries would collide on the same documents and
/// fail on each other's ETags. A delivery whose student is in flight waits, and all deliveries that wait for students released together are
/// folded together by one of them, the leader. Under load, more events wait for a fold and are included in it.
final class StudentLanes: Sendable {
  private let lanes = Mutex<[StudentKey: [Waiting]]>([:])
  private let turns: AsyncSemaphore

  /// Creates empty lanes.
  ///
  /// - Parameter turns: Limits the number of concurrent folds.
  init(turns: AsyncSemaphore = AsyncSemaphore(.max)) {
    self.turns = turns
  }

  /// Events that wait for a student in flight, and their deliveries.
  fileprivate struct Waiting {
    let events: StudentEvents
    let stake: Stake
  }

  /// Folds the events of a delivery, each student's once its lane is free.
  ///
  /// - Parameters:
  ///   - delivery: The events by student, each student once.
  ///   - fold: Folds students whose lanes this call holds; the outcomes are in the order of the students.
  /// - Returns: The outcome for each student's events, in the order of the students.
  func run(_ delivery: [StudentEvents], fold: ([StudentEvents]) async -> [FoldOutcome]) async -> [FoldOutcome] {
    let visit = Visit()
    var batch = enter(delivery, visit)
    while true {
      if !batch.isEmpty {
        await turns.take {
          let joined = joined(batch)
          leave(joined, await fold(joined.map(\.events)))
        }
      }
      switch await visit.next() {
      case .lead(let next): batch = next
      case .done(let outcomes): return outcomes
      }
    }
  }

  /// Takes the free lanes among a delivery's students; events of the other students wait behind the lane's holder.
  private func enter(_ delivery: [StudentEvents], _ visit: Visit) -> [Turn] {
    visit.expect(delivery.count)
    return lanes.withLock { lanes in
      delivery.enumerated().compactMap { place, events in
        let stake = Stake(visit: visit, place: place)
        guard lanes[events.key]?.append(Waiting(events: events, stake: stake)) == nil else { return nil }
        lanes[events.key] = []
        return Turn(events: events, stakes: [stake])
      }
    }
  }

  /// The same turns, with the events that now wait behind them.
  private func joined(_ batch: [Turn]) -> [Turn] {
    lanes.withLock { lanes in
      batch.map { turn in
        guard let waiting = lanes[turn.events.key], !waiting.isEmpty else { return turn }
        lanes[turn.events.key] = []
        return Turn(waiting, behind: turn)
      }
    }
  }

  /// Releases lanes; if deliveries are waiting, one of them continues with all their events.
  private func leave(_ batch: [Turn], _ outcomes: [FoldOutcome]) {
    let next = lanes.withLock { lanes in
      batch.compactMap { turn -> Turn? in
        guard let waiting = lanes[turn.events.key], let first = waiting.first else {
          lanes[turn.events.key] = nil
          return nil
        }
        lanes[turn.events.key] = []
        return Turn(waiting.dropFirst(), behind: Turn(events: first.events, stakes: [first.stake]))
      }
    }
    for (turn, outcome) in zip(batch, outcomes) {
      for stake in turn.stakes { stake.visit.finish(stake.place, outcome) }
    }
    let visits = next.lazy.flatMap(\.stakes).map(\.visit)
    guard let leader = visits.first(where: \.isIdle) ?? visits.first else { return }
    leader.lead(next)
  }
}

/// The events of a student whose lane is held, and their deliveries.
struct Turn {
  var events: StudentEvents
  var stakes: [Stake]
}

/// A delivery that waits for the outcome of a student's events, and the student's index in it.
struct Stake {
  let visit: Visit
  let place: Int
}

extension Turn {
  /// A turn that includes the events waiting behind it.
  fileprivate init(_ waiting: some Sequence<StudentLanes.Waiting>, behind turn: Turn) {
    self = turn
    for other in waiting {
      events.append(other.events)
      stakes.append(other.stake)
    }
  }
}

/// A delivery's stay in the lanes: its pending students, and the lanes that it has to lead.
final class Visit: Sendable {
  /// The next step of a waiting delivery.
  enum Next {
    /// Fold students whose lanes have been handed over.
    case lead([Turn])
    /// All students are done.
    case done([FoldOutcome])
  }

  private struct State {
    var open = 0
    /// Outcomes by the student's index; incomplete until all are done.
    var outcomes: [FoldOutcome] = []
    var turns: [Turn] = []
    var continuation: CheckedContinuation<Next, Never>?

    /// Takes the next step; nil if the delivery has to wait.
    mutating func takeNext() -> Next? {
      if !turns.isEmpty {
        defer { turns = [] }
        return .lead(turns)
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
  func finish(_ place: Int, _ outcome: FoldOutcome) {
    resume { state in
      state.open -= 1
      state.outcomes[place] = outcome
    }
  }

  /// Hands lanes to the delivery, which folds them as soon as it is not folding already.
  func lead(_ turns: [Turn]) {
    resume { $0.turns.append(contentsOf: turns) }
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
