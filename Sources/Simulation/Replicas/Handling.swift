internal import Synchronization

/// A delivery that a replica works on: what it brought, and whether work on it may rest, which is after a call of its own that failed, and
/// for nothing else.
final class Handling: Sendable {
  /// The delivery that the running task belongs to; nil for anything else.
  @TaskLocal static var current: Handling?

  /// The serials of the events that it brought.
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

  /// It put an event aside.
  func putAside(_ serial: Int) { _ = aside.withLock { $0.insert(serial) } }

  /// A call of it has failed.
  func fail() { hasFailed.withLock { $0 = true } }

  /// Whether it may rest now; once for each failure.
  func mayRest() -> Bool {
    hasFailed.withLock { hasFailed in
      defer { hasFailed = false }
      return hasFailed
    }
  }
}
