internal import Synchronization

/// Does the work of many callers together: what arrives while some is being done is done next, in one go.
final class Batcher<Item: Sendable, Outcome: Sendable>: Sendable {
  /// A caller's item, and its outcome once there is one.
  private final class Visit: Sendable {
    let item: Item
    let outcome = Mutex<Outcome?>(nil)

    init(_ item: Item) { self.item = item }
  }

  private let waiting = Mutex<[Visit]>([])
  private let turns = AsyncSemaphore(1)

  /// Does an item's work, together with what else is waiting.
  ///
  /// - Parameters:
  ///   - item: What there is to do.
  ///   - work: Does the work of all given items, at least one; it returns one outcome for each, in order.
  /// - Returns: The item's outcome.
  func take(_ item: Item, _ work: ([Item]) async -> [Outcome]) async -> Outcome {
    let visit = Visit(item)
    waiting.withLock { $0.append(visit) }
    await turns.take {
      let visits = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      // An earlier batch may have included this item; then it is done, because turns do not overlap.
      guard !visits.isEmpty else { return }
      for (visit, outcome) in zip(visits, await work(visits.map(\.item))) { visit.outcome.withLock { $0 = outcome } }
    }
    guard let outcome = visit.outcome.withLock({ $0 }) else { preconditionFailure("each item of a batch must have an outcome") }
    return outcome
  }
}
