import Synchronization

/// Records how long somebody waits.
final class Pauses: Sendable {
  private let pauses = Mutex<[Int]>([])

  /// Milliseconds, in order.
  var all: [Int] { pauses.withLock { $0 } }

  func note(_ milliseconds: Int) { pauses.withLock { $0.append(milliseconds) } }
}
