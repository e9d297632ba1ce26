internal import Synchronization

/// Keeps the number of requests that are worked on at one time under a limit: what comes above it is refused before work is begun.
final class LoadShedder: Sendable {
  private let limit: Int
  private let running = Atomic(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether a request that came now would be refused.
  var isFull: Bool { running.load(ordering: .relaxed) >= limit }

  /// Does work, unless there is too much of it already.
  ///
  /// - Returns: What the work made; nil when it was not begun.
  func run<Value>(_ work: () async -> Value) async -> Value? {
    defer { running.subtract(1, ordering: .relaxed) }
    guard running.add(1, ordering: .relaxed).newValue <= limit else { return nil }
    return await work()
  }
}
