internal import Synchronization

/// Two simulated cores that all calls and deliveries share.
///
/// Nothing is computed for it: a caller waits for as long as the schedule says.
final class Cores: Sendable {
  private struct State {
    var schedule = CoreSchedule(time: 0)
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var next = 0
    /// When the next wake-up is set for; nil if none is.
    var alarm: Double?
    var tally = CallTally()
  }

  let table: CostTable
  private let began = ContinuousClock.now
  private let state = Mutex(State())

  init(_ table: CostTable) {
    self.table = table
  }

  /// What has been asked and spent so far.
  var tally: CallTally { state.withLock { $0.tally } }

  /// Counts a call.
  func count(_ route: Route, _ cost: CallCost, bytes: Int) {
    state.withLock { $0.tally.add(route, cost, bytes: bytes) }
  }

  /// The start of work that begins now.
  func begin() -> Double {
    step { $0.schedule.progress }
  }

  /// Waits until work is done.
  ///
  /// - Parameters:
  ///   - cost: What it takes.
  ///   - beginning: When it began; nil begins it now.
  func spend(_ cost: CallCost, since beginning: Double? = nil) async {
    await withCheckedContinuation { continuation in
      step { state in
        state.next += 1
        state.waiting[state.next] = continuation
        state.tally.coreMilliseconds += cost.cores
        state.schedule.begin(state.next, cost, since: beginning)
      }
    }
  }

  /// Changes the state at this time, wakes finished work and sets the next alarm.
  private func step<Result>(_ change: (inout State) -> Result) -> Result {
    let now = (ContinuousClock.now - began) / .milliseconds(1)
    let (result, done, alarm) = state.withLock { state -> (Result, [CheckedContinuation<Void, Never>], Double?) in
      let done = state.schedule.advance(to: now).compactMap { state.waiting.removeValue(forKey: $0) }
      let result = change(&state)
      guard let next = state.schedule.nextEnd else { return (result, done, nil) }
      if let alarm = state.alarm, alarm <= next { return (result, done, nil) }
      state.alarm = next
      return (result, done, next)
    }
    for continuation in done { continuation.resume() }
    if let alarm { Task { await self.wake(at: alarm) } }
    return result
  }

  private func wake(at time: Double) async {
    try? await Task.sleep(until: began + .milliseconds(1) * time, tolerance: .zero, clock: .continuous)
    step { if $0.alarm == time { $0.alarm = nil } }
  }
}
