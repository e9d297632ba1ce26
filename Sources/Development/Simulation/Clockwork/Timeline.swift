internal import Synchronization

/// The clock of a simulated world: it stands still while steps are ready, then jumps to the next appointment.
final class Timeline: Sendable {
  private struct Appointment {
    let at: Int64
    let action: @Sendable () -> Void
  }

  private struct State {
    var now: Int64
    /// In reverse order: the next one is last.
    var appointments: [Appointment] = []
  }

  private let state: Mutex<State>

  /// Creates a clock that starts at a time in milliseconds since 1970.
  init(start: Int64) { state = Mutex(State(now: start)) }

  /// The current time, in milliseconds since 1970.
  var now: Int64 { state.withLock { $0.now } }

  /// Schedules an action, for now if its time is past; actions at the same time run in the order they were scheduled.
  func at(_ moment: Int64, _ action: @escaping @Sendable () -> Void) {
    state.withLock { state in
      let moment = max(moment, state.now)
      var low = 0
      var high = state.appointments.count
      while low < high {
        let middle = (low + high) / 2
        if state.appointments[middle].at >= moment { low = middle + 1 } else { high = middle }
      }
      // Earlier appointments at the same time stay further back, so they run first.
      while low > 0, state.appointments[low - 1].at == moment { low -= 1 }
      state.appointments.insert(Appointment(at: moment, action: action), at: low)
    }
  }

  /// Schedules an action after that many milliseconds.
  func after(_ milliseconds: Int, _ action: @escaping @Sendable () -> Void) {
    at(now + Int64(milliseconds), action)
  }

  /// Waits that many milliseconds.
  func wait(_ milliseconds: Int) async {
    await withCheckedContinuation { continuation in
      after(milliseconds) { continuation.resume() }
    }
  }

  /// Jumps to the next appointment and runs it; false if there is none before `end`.
  func step(before end: Int64) -> Bool {
    let next = state.withLock { state -> Appointment? in
      guard let next = state.appointments.last, next.at < end else { return nil }
      state.appointments.removeLast()
      state.now = next.at
      return next
    }
    guard let next else { return false }
    next.action()
    return true
  }
}
