internal import Synchronization

/// Keeps the number of concurrent requests under a limit: requests above it are refused before work starts.
final class LoadShedder: Sendable {
  private let limit: Int
  private let running = Atomic(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether a new request would be refused now.
  var isFull: Bool { running.load(ordering: .relaxed) >= limit }

  /// Runs the work unless too much is running already.
  ///
  /// - Returns: The result of the work; nil if it was not started.
  func run<Value>(_ work: () async -> Value) async -> Value? {
    defer { running.subtract(1, ordering: .relaxed) }
    guard running.add(1, ordering: .relaxed).newValue <= limit else { return nil }
    return await work()
  }
}
