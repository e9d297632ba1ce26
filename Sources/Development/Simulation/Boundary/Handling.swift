internal import Synchronization

/// A delivery that a replica is processing.
///
/// Its handler may pause only after one of its own calls has failed.
final class Handling: Sendable {
  /// The delivery that the current task processes; nil if it processes none.
  @TaskLocal static var current: Handling?

  /// The serial numbers of its events.
  let events: Set<Int>
  /// The replica's clock when processing began.
  let clock: Int64

  private let hasFailed = Mutex(false)
  private let aside = Mutex<Set<Int>>([])

  init(of events: Set<Int>, at clock: Int64) {
    self.events = events
    self.clock = clock
  }

  /// The serial numbers of the events that the replica deferred.
  var putAside: Set<Int> { aside.withLock { $0 } }

  /// Records a deferred event.
  func putAside(_ serial: Int) { _ = aside.withLock { $0.insert(serial) } }

  /// Records a failed call.
  func fail() { hasFailed.withLock { $0 = true } }

  /// Whether the handler may pause now; resets the recorded failure.
  func mayRest() -> Bool {
    hasFailed.withLock { hasFailed in
      defer { hasFailed = false }
      return hasFailed
    }
  }
}
