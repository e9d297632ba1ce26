internal import Synchronization

/// Decides which call each planned incident strikes, and counts the injected faults.
final class Incidents: Sendable {
  private struct State {
    var counts: [Fault.Trigger: Int] = [:]
    var injected: [Fault: Int] = [:]
  }

  private let planned: [Fault.Trigger: [Int: Incident]]
  private let state = Mutex(State())
  private let isRough: @Sendable () -> Bool

  /// Creates incidents that strike only while `isRough` is true.
  init(_ incidents: [Incident], isRough: @escaping @Sendable () -> Bool) {
    self.isRough = isRough
    var planned: [Fault.Trigger: [Int: Incident]] = [:]
    for incident in incidents where incident.fault.trigger != .time {
      planned[incident.fault.trigger, default: [:]][incident.when] = incident
    }
    self.planned = planned
  }

  /// The incident that strikes the next call of a kind, counted as injected; nil if none does.
  func next(_ trigger: Fault.Trigger) -> Incident? {
    guard isRough() else { return nil }
    return state.withLock { state in
      let number = state.counts[trigger, default: 0]
      state.counts[trigger] = number + 1
      guard let incident = planned[trigger]?[number] else { return nil }
      state.injected[incident.fault, default: 0] += 1
      return incident
    }
  }

  /// Counts a fault that was injected in another way.
  func count(_ fault: Fault, _ number: Int = 1) {
    state.withLock { $0.injected[fault, default: 0] += number }
  }

  /// How often each fault was injected.
  var injected: [Fault: Int] { state.withLock { $0.injected } }
}
