internal import Synchronization

/// What goes wrong on purpose, for tests: outages that last until they are lifted, and faults that befall the next calls.
public final class Faults: Sendable {
  /// What a call is about.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// State get and bulk get.
    case read
    /// State save, delete and transaction.
    case write
    /// Publish and bulk publish.
    case publish
    /// A call of the app with events.
    case delivery
    /// Invocation.
    case invocation
    /// Secrets, metadata, health.
    case other
  }

  /// What befalls a call.
  public enum Fault: Hashable, Sendable {
    /// It is done at once and answered that many milliseconds later.
    case late(milliseconds: Int)
    /// Nothing is done and the connection closes.
    case lostBefore
    /// It is done and the connection closes without an answer.
    case lostAfter
    /// Nothing is done and no answer comes for a minute.
    case silentBefore
    /// It is done and no answer comes for a minute.
    case silentAfter
    /// A delivery comes a second time although the app took it; other calls know no such fault.
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

  /// Whether the broker refuses every message; what it has, it goes on delivering.
  public var isBrokerDown: Bool {
    get { brokerDown.load(ordering: .relaxed) }
    set { brokerDown.store(newValue, ordering: .relaxed) }
  }

  /// Lets a fault befall the next calls of some kinds; plans made earlier come first.
  public func plan(_ fault: Fault, for kinds: Set<Kind>, next count: Int = 1) {
    planned.withLock { $0.append(Planned(fault: fault, kinds: kinds, left: count)) }
    hasPlans.store(true, ordering: .releasing)
  }

  /// Lifts outages and forgets what was planned.
  public func clear() {
    planned.withLock { $0.removeAll() }
    hasPlans.store(false, ordering: .releasing)
    isStoreDown = false
    isBrokerDown = false
  }

  /// The fault that befalls a call now; nil mostly.
  func next(_ kind: Kind) -> Fault? {
    guard hasPlans.load(ordering: .acquiring) else { return nil }
    return planned.withLock { planned in
      guard let place = planned.firstIndex(where: { $0.kinds.contains(kind) }) else { return nil }
      let fault = planned[place].fault
      planned[place].left -= 1
      if planned[place].left <= 0 { planned.remove(at: place) }
      return fault
    }
  }
}
