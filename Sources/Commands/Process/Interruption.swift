internal import Glibc

/// Says how far a command has come when it is asked to stop, and then ends the process as the signal would have.
struct Interruption: Sendable {
  /// The status of a process that SIGINT has ended.
  private static let status: Int32 = 128 + SIGINT

  private let task: Task<Void, Never>

  /// Listens from now on.
  ///
  /// - Parameter progress: How far it has come, in words.
  init(_ progress: @escaping @Sendable () -> String) {
    let arrivals = StopSignal.listen()
    task = Task.detached {
      await arrivals.ended()
      guard !Task.isCancelled else { return }
      Terminal.complain("interrupted: \(progress())")
      _exit(Self.status)
    }
  }

  /// Listens no longer; what comes then ends the process at once.
  func end() {
    task.cancel()
    StopSignal.ignore()
  }
}
