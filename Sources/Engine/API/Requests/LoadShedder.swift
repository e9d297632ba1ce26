internal import Synchronization

/// Keeps the number of concurrent requests under a limit: requests above it are refused before work starts.
final class LoadShedder: Sendable {
  private let limit: Int
  private let running = Atomic(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Number of requests that are running.
  var count: Int { running.load(ordering: .relaxed) }

  /// Whether a new request would be refused now.
  var isFull: Bool { running.load(ordering: .relaxed) >= limit }

  /// Runs the work, however much is running.
  func counting<Value>(_ work: () async -> Value) async -> Value {
    running.add(1, ordering: .relaxed)
    defer { running.subtract(1, ordering: .relaxed) }
    return await work()
  }

  /// Runs the work unless too much is running already.
  ///
  /// - Returns: The result of the work; nil if it was not started.
  func run<Value>(_ work: () async -> Value) async -> Value? {
    defer { running.subtract(1, ordering: .relaxed) }
    guard running.add(1, ordering: .relaxed).newValue <= limit else { return nil }
    return await work()
  }
}
