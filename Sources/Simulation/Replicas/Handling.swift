internal import Synchronization

/// A delivery that a replica works on: what it brought, and whether work on it may rest, which is after a call of its own that failed, and
/// for nothing else.
final class Handling: Sendable {
  /// The delivery that the running task belongs to; nil for anything else.
  @TaskLocal static var current: Handling?

  /// The serials of the events that it brought.
  let events: Set<Int>

  private let hasFailed = Mutex(false)

  /// The delivery of some events.
  init(of events: Set<Int>) { self.events = events }

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
