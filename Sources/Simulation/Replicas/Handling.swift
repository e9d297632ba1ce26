internal import Synchronization

/// A delivery that a replica works on, as far as it may rest meanwhile: after a call of its own that failed, and for nothing else.
final class Handling: Sendable {
  /// The delivery that the running task belongs to; nil for anything else.
  @TaskLocal static var current: Handling?

  private let hasFailed = Mutex(false)

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
