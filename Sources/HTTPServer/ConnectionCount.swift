internal import Synchronization

/// How many connections there are, those included that a daemon has still to begin with, so that there are never more than allowed.
///
/// The daemons' own limits must not be reached: where microhttpd (0.9.75) has to turn away a connection that was handed to it, it keeps a lock
/// for ever and hangs at the next one.
final class ConnectionCount: Sendable {
  private let limit: Int
  private let count = Atomic(0)

  /// So many before the limit connections are scarce.
  private let margin: Int

  init(limit: Int) {
    self.limit = limit
    margin = min(64, limit / 8)
  }

  /// Whether there are nearly as many as allowed.
  var areScarce: Bool { margin > 0 && count.load(ordering: .relaxed) > limit - margin }

  /// Counts a new connection; false when there are too many.
  func begin() -> Bool {
    if count.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
    end()
    return false
  }

  /// A connection that was counted is gone.
  func end() {
    count.wrappingSubtract(1, ordering: .relaxed)
  }
}
