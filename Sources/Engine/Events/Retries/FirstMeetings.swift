internal import MasteryCore
internal import Synchronization

/// When this process first met something that waits: a time that no other clock has a part in.
final class FirstMeetings: Sendable {
  /// Minimum number of things that are remembered.
  private static let limit = 10_000

  private let met = Mutex(RecentValues<String, Timestamp>(limit: limit))

  /// Milliseconds since something was first met.
  ///
  /// - Parameters:
  ///   - name: Its name, the same at each meeting.
  ///   - now: The time; if it lies before the first meeting, the clock was set back, and this meeting counts as the first.
  /// - Returns: 0 at the first meeting.
  func waited(_ name: String, now: Timestamp) -> Int64 {
    met.withLock { met in
      if let first = met[name], first <= now { return now.milliseconds - first.milliseconds }
      met.insert(now, for: name)
      return 0
    }
  }

  /// Forgets what waits no longer.
  func forget(_ names: some Sequence<String>) {
    met.withLock { met in
      guard met.count > 0 else { return }
      for name in names { met.remove(name) }
    }
  }
}
