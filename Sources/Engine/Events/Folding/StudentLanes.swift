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
  struct Waiting {
    let events: StudentEvents
    let awaited: AwaitedOutcome
  }

  /// Folds the events of a delivery, each student's once its lane is free.
  ///
  /// - Parameters:
  ///   - delivery: The events by student, each student once.
  ///   - fold: Folds students whose lanes this call holds; the outcomes are in the order of the students.
  /// - Returns: The outcome for each student's events, in the order of the students.
  func run(_ delivery: [StudentEvents], fold: ([StudentEvents]) async -> [FoldOutcome]) async -> [FoldOutcome] {
    let waiter = WaitingDelivery()
    var batch = enter(delivery, waiter)
    while true {
      if !batch.isEmpty {
        await turns.take {
          let joined = joined(batch)
          leave(joined, await fold(joined.map(\.events)))
        }
      }
      switch await waiter.next() {
      case .lead(let next): batch = next
      case .done(let outcomes): return outcomes
      }
    }
  }

  /// Takes the free lanes among a delivery's students; events of the other students wait behind the lane's holder.
  private func enter(_ delivery: [StudentEvents], _ waiter: WaitingDelivery) -> [HeldLane] {
    waiter.expect(delivery.count)
    return lanes.withLock { lanes in
      delivery.enumerated().compactMap { index, events in
        let awaited = AwaitedOutcome(waiter: waiter, index: index)
        guard lanes[events.key]?.append(Waiting(events: events, awaited: awaited)) == nil else { return nil }
        lanes[events.key] = []
        return HeldLane(events: events, awaited: [awaited])
      }
    }
  }

  /// The same turns, with the events that now wait behind them.
  private func joined(_ batch: [HeldLane]) -> [HeldLane] {
    lanes.withLock { lanes in
      batch.map { held in
        guard let waiting = lanes[held.events.key], !waiting.isEmpty else { return held }
        lanes[held.events.key] = []
        return HeldLane(waiting, behind: held)
      }
    }
  }

  /// Releases lanes; if deliveries are waiting, one of them continues with all their events.
  private func leave(_ batch: [HeldLane], _ outcomes: [FoldOutcome]) {
    let next = lanes.withLock { lanes in
      batch.compactMap { held -> HeldLane? in
        guard let waiting = lanes[held.events.key], let first = waiting.first else {
          lanes[held.events.key] = nil
          return nil
        }
        lanes[held.events.key] = []
        return HeldLane(waiting.dropFirst(), behind: HeldLane(events: first.events, awaited: [first.awaited]))
      }
    }
    for (held, outcome) in zip(batch, outcomes) {
      for awaited in held.awaited { awaited.waiter.finish(awaited.index, outcome) }
    }
    let waiters = next.lazy.flatMap(\.awaited).map(\.waiter)
    guard let leader = waiters.first(where: \.isIdle) ?? waiters.first else { return }
    leader.lead(next)
  }
}
