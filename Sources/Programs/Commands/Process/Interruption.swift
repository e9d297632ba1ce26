internal import Glibc

/// Reports a command's progress when it is asked to stop, and then ends the process as the signal would have.
struct Interruption: Sendable {
  /// The status of a process terminated by SIGINT.
  private static let status: Int32 = 128 + SIGINT

  private let task: Task<Void, Never>

  /// Starts listening.
  ///
  /// - Parameter progress: The progress in words.
  init(_ progress: @escaping @Sendable () -> String) {
    let arrivals = StopSignal.listen()
    task = Task.detached {
      await arrivals.ended()
      guard !Task.isCancelled else { return }
      Terminal.complain("interrupted: \(progress())")
      _exit(Self.status)
    }
  }

  /// Stops listening; a later signal ends the process immediately.
  func end() {
    task.cancel()
    StopSignal.ignore()
  }
}
