internal import Synchronization

/// A delivery that a replica processes: its events, and whether its handler may pause, which is only after a failed call of its own.
final class Handling: Sendable {
  /// The delivery of the running task; nil for anything else.
  @TaskLocal static var current: Handling?

  /// The serials of its events.
  let events: Set<Int>
  /// The replica's clock when it began with it.
  let clock: Int64

  private let hasFailed = Mutex(false)
  private let aside = Mutex<Set<Int>>([])

  /// The delivery of some events, which began at a moment of the replica's clock.
  init(of events: Set<Int>, at clock: Int64) {
    self.events = events
    self.clock = clock
  }

  /// The serials of the events that it put aside.
  var putAside: Set<Int> { aside.withLock { $0 } }

  /// Records an event that it put aside.
  func putAside(_ serial: Int) { _ = aside.withLock { $0.insert(serial) } }

  /// Records a failed call.
  func fail() { hasFailed.withLock { $0 = true } }

  /// Whether it may pause now; once for each failure.
  func mayRest() -> Bool {
    hasFailed.withLock { hasFailed in
      defer { hasFailed = false }
      return hasFailed
    }
  }
}
