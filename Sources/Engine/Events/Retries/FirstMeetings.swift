internal import MasteryCore
internal import Synchronization

/// When this process first met a message: a time that no other clock has a part in.
final class FirstMeetings: Sendable {
  /// Minimum number of messages that are remembered.
  private static let limit = 10_000

  private let met = Mutex(RecentValues<String, Timestamp>(limit: limit))

  /// Milliseconds since a message was first met.
  ///
  /// - Parameters:
  ///   - name: Its name, the same at each delivery.
  ///   - now: The time.
  /// - Returns: 0 at the first meeting, and where the clock was set back.
  func waited(_ name: String, now: Timestamp) -> Int64 {
    let first = met.withLock { met in
      let first = met[name] ?? now
      if met[name] == nil { met.insert(now, for: name) }
      return first
    }
    return max(0, now.milliseconds - first.milliseconds)
  }
}
