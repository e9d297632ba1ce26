internal import Synchronization

/// Two simulated cores that all calls and deliveries share.
///
/// Each takes as long as its cost says while the cores have room; what asks for more than both can give slows all down alike. Nothing is
/// computed for it: whoever spends waits.
final class Cores: Sendable {
  private struct Spending {
    /// Where the work is done, on the clock that runs as fast as the work goes on.
    var end: Double
    /// The cores that it takes while it goes on as fast as it can.
    var share: Double
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    /// Milliseconds of work that whoever began at 0 would have done.
    var worked = 0.0
    var time: ContinuousClock.Instant
    var spendings: [Spending] = []
    /// When the next wake-up is set for; nil when none is.
    var alarm: ContinuousClock.Instant?
    var tally = CallTally()

    /// How fast the work goes on: 1 while there is room.
    var speed: Double {
      let asked = spendings.reduce(0) { $0 + $1.share }
      return asked > Cores.count ? Cores.count / asked : 1
    }

    /// Goes on to a time, from one end to the next.
    mutating func advance(to now: ContinuousClock.Instant) -> [CheckedContinuation<Void, Never>] {
      var done: [CheckedContinuation<Void, Never>] = []
      while time < now {
        let speed = speed
        let left = (now - time) / .milliseconds(1)
        guard let first = spendings.indices.min(by: { spendings[$0].end < spendings[$1].end }),
          spendings[first].end <= worked + left * speed
        else {
          worked += left * speed
          break
        }
        time = min(now, time + .milliseconds(1) * max(0, (spendings[first].end - worked) / speed))
        worked = max(worked, spendings[first].end)
        done.append(spendings.remove(at: first).continuation)
      }
      time = max(time, now)
      return done
    }

    /// When the next work is done, if nothing else begins.
    var nextEnd: ContinuousClock.Instant? {
      guard let end = spendings.map(\.end).min() else { return nil }
      return time + .milliseconds(1) * max(0, (end - worked) / speed)
    }
  }

  /// How many there are.
  static let count = 2.0

  let table: CostTable
  private let state: Mutex<State>

  init(_ table: CostTable) {
    self.table = table
    state = Mutex(State(time: .now))
  }

  /// What was asked and spent so far.
  var tally: CallTally { state.withLock { $0.tally } }

  /// Counts a call.
  func count(_ route: Route, _ cost: CallCost, bytes: Int) {
    state.withLock { $0.tally.add(route, cost, bytes: bytes) }
  }

  /// Where work that begins now begins.
  func begin() -> Double {
    step { $0.worked }
  }

  /// Waits until work is done.
  ///
  /// - Parameters:
  ///   - cost: What it takes.
  ///   - beginning: Where it began; nil begins it now.
  func spend(_ cost: CallCost, since beginning: Double? = nil) async {
    await withCheckedContinuation { continuation in
      step { state in
        let end = (beginning ?? state.worked) + cost.latency
        let left = max(end - state.worked, 0.001)
        state.tally.coreMilliseconds += cost.cores
        state.spendings.append(Spending(end: end, share: min(cost.cores / left, Self.count), continuation: continuation))
      }
    }
  }

  /// Changes the state at this time, wakes whoever is done and sets the next alarm.
  private func step<Result>(_ change: (inout State) -> Result) -> Result {
    let (result, done, alarm) = state.withLock { state -> (Result, [CheckedContinuation<Void, Never>], ContinuousClock.Instant?) in
      let done = state.advance(to: .now)
      let result = change(&state)
      guard let next = state.nextEnd else { return (result, done, nil) }
      if let alarm = state.alarm, alarm <= next { return (result, done, nil) }
      state.alarm = next
      return (result, done, next)
    }
    for continuation in done { continuation.resume() }
    if let alarm { Task { await self.wake(at: alarm) } }
    return result
  }

  private func wake(at time: ContinuousClock.Instant) async {
    try? await Task.sleep(until: time, tolerance: .zero, clock: .continuous)
    step { if $0.alarm == time { $0.alarm = nil } }
  }
}
