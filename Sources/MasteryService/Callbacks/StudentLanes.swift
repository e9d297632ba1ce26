internal import MasteryCore
internal import Synchronization

/// One lane a student: at any time at most one fold of a student runs in this process.
///
/// The events of one submission arrive on several topics at once, so folds of different deliveries would meet at the same
/// documents and fail on each other's ETags. Whoever finds a student in flight waits, and all who wait for students that come free
/// together are folded together by one of them, who leads. A delivery that found lanes free gathers for a moment before it folds, so
/// that what its students did at the same time costs one document and one result instead of three.
final class StudentLanes: Sendable {
  private let lanes = Mutex<[StudentKey: [Waiting]]>([:])
  private let gather: @Sendable () async -> Void

  /// Empty lanes.
  ///
  /// - Parameter gather: Waits for what belongs to the same students and is about to come.
  init(gather: @escaping @Sendable () async -> Void = {}) {
    self.gather = gather
  }

  /// Events that wait for a student in flight, and the delivery that they belong to.
  fileprivate struct Waiting {
    let events: StudentEvents
    let visit: Visit
  }

  /// Folds the events of a delivery, each student's when its lane is free.
  ///
  /// - Parameters:
  ///   - delivery: The events by student, each student once.
  ///   - fold: Folds students whose lanes this call holds; the outcomes stand in the order of the students.
  /// - Returns: How each student's events fared.
  func run(
    _ delivery: [StudentEvents], fold: ([StudentEvents]) async -> [FoldOutcome]
  ) async -> [StudentKey: FoldOutcome] {
    let visit = Visit()
    var batch = enter(delivery, visit)
    if !batch.isEmpty {
      await gather()
      batch = joined(batch)
    }
    while true {
      if !batch.isEmpty {
        let outcomes = await fold(batch.map(\.events))
        leave(batch, outcomes)
      }
      switch await visit.next() {
      case .lead(let next): batch = next
      case .done(let outcomes): return outcomes
      }
    }
  }

  /// Takes the free lanes among a delivery's students; the others' events wait behind whoever is there.
  private func enter(_ delivery: [StudentEvents], _ visit: Visit) -> [Turn] {
    visit.expect(delivery.count)
    return lanes.withLock { lanes in
      delivery.compactMap { events in
        guard lanes[events.key] != nil else {
          lanes[events.key] = []
          return Turn(events: events, visits: [visit])
        }
        lanes[events.key]?.append(Waiting(events: events, visit: visit))
        return nil
      }
    }
  }

  /// The same turns with the events that have come to wait behind them.
  private func joined(_ batch: [Turn]) -> [Turn] {
    lanes.withLock { lanes in
      batch.map { turn in
        guard let waiting = lanes[turn.events.key], !waiting.isEmpty else { return turn }
        lanes[turn.events.key] = []
        return Turn(waiting, behind: turn)
      }
    }
  }

  /// Frees lanes; where somebody waits, one of those who wait goes on with all their events.
  private func leave(_ batch: [Turn], _ outcomes: [FoldOutcome]) {
    let next = lanes.withLock { lanes in
      batch.compactMap { turn -> Turn? in
        guard let waiting = lanes[turn.events.key], let first = waiting.first else {
          lanes[turn.events.key] = nil
          return nil
        }
        lanes[turn.events.key] = []
        return Turn(waiting.dropFirst(), behind: Turn(events: first.events, visits: [first.visit]))
      }
    }
    for (turn, outcome) in zip(batch, outcomes) {
      for visit in turn.visits { visit.finish(turn.events.key, outcome) }
    }
    guard let leader = next.lazy.flatMap(\.visits).first(where: \.isIdle) ?? next.first?.visits.first else { return }
    leader.lead(next)
  }
}

/// The events of a student whose lane is held, and the deliveries that they came with.
struct Turn {
  var events: StudentEvents
  var visits: [Visit]
}

extension Turn {
  /// A turn that takes along what waits behind it.
  fileprivate init(_ waiting: some Sequence<StudentLanes.Waiting>, behind turn: Turn) {
    self = turn
    for other in waiting {
      events.append(other.events)
      visits.append(other.visit)
    }
  }
}

/// One delivery's stay in the lanes: what it still waits for, and what it has been asked to lead.
final class Visit: Sendable {
  /// What a waiting delivery does next.
  enum Next {
    /// Folds students whose lanes have been handed to it.
    case lead([Turn])
    /// All its students are done.
    case done([StudentKey: FoldOutcome])
  }

  private struct State {
    var open = 0
    var outcomes: [StudentKey: FoldOutcome] = [:]
    var turns: [Turn] = []
    var continuation: CheckedContinuation<Next, Never>?

    /// Takes out what comes next; nil while there is nothing but waiting.
    mutating func takeNext() -> Next? {
      if !turns.isEmpty {
        defer { turns = [] }
        return .lead(turns)
      }
      return open == 0 ? .done(outcomes) : nil
    }
  }

  private let state = Mutex(State())

  /// Whether the delivery does nothing but wait, so that it can lead at once.
  var isIdle: Bool { state.withLock { $0.continuation != nil } }

  func expect(_ students: Int) {
    state.withLock { $0.open += students }
  }

  /// One of its students is done.
  func finish(_ key: StudentKey, _ outcome: FoldOutcome) {
    resume { state in
      state.open -= 1
      state.outcomes[key] = outcome
    }
  }

  /// Hands it lanes; it folds them as soon as it is not folding already.
  func lead(_ turns: [Turn]) {
    resume { $0.turns.append(contentsOf: turns) }
  }

  /// Waits until there is something to lead, or all its students are done.
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
