internal import Synchronization

/// Deliberate faults for tests: outages that last until they are lifted, and faults that hit the next calls.
public final class Faults: Sendable {
  /// The kind of a call.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// State get and bulk get.
    case read
    /// State save, delete and transaction.
    case write
    /// Publish and bulk publish.
    case publish
    /// A delivery of events to the app.
    case delivery
    /// Invocation.
    case invocation
    /// Secrets, metadata, health.
    case other
  }

  /// What happens to a call.
  public enum Fault: Hashable, Sendable {
    /// It runs at once and is answered that many milliseconds later.
    case late(milliseconds: Int)
    /// Nothing is done and the connection closes.
    case lostBefore
    /// It runs, and the connection closes without an answer.
    case lostAfter
    /// Nothing is done, and no answer comes for a minute.
    case silentBefore
    /// It runs, and no answer comes for a minute.
    case silentAfter
    /// A delivery comes a second time although the app accepted it; only deliveries have this fault.
    case doubled
  }

  private struct Planned {
    var fault: Fault
    var kinds: Set<Kind>
    var left: Int
  }

  private let planned = Mutex<[Planned]>([])
  private let hasPlans = Atomic(false)
  private let storeDown = Atomic(false)
  private let brokerDown = Atomic(false)

  init() {}

  /// Whether the state store fails every call, as a recorded one does in an outage.
  public var isStoreDown: Bool {
    get { storeDown.load(ordering: .relaxed) }
    set { storeDown.store(newValue, ordering: .relaxed) }
  }

  /// Whether the broker refuses every message; it goes on delivering the ones that it has.
  public var isBrokerDown: Bool {
    get { brokerDown.load(ordering: .relaxed) }
    set { brokerDown.store(newValue, ordering: .relaxed) }
  }

  /// Applies a fault to the next calls of some kinds; earlier plans come first.
  public func plan(_ fault: Fault, for kinds: Set<Kind>, next count: Int = 1) {
    planned.withLock { $0.append(Planned(fault: fault, kinds: kinds, left: count)) }
    hasPlans.store(true, ordering: .releasing)
  }

  /// Lifts outages and forgets planned faults.
  public func clear() {
    planned.withLock { $0.removeAll() }
    hasPlans.store(false, ordering: .releasing)
    isStoreDown = false
    isBrokerDown = false
  }

  /// The fault for a call now; usually nil.
  func next(_ kind: Kind) -> Fault? {
    guard hasPlans.load(ordering: .acquiring) else { return nil }
    return planned.withLock { planned in
      guard let index = planned.firstIndex(where: { $0.kinds.contains(kind) }) else { return nil }
      let fault = planned[index].fault
      planned[index].left -= 1
      if planned[index].left <= 0 { planned.remove(at: index) }
      return fault
    }
  }
}
