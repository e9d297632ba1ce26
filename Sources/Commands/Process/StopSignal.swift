internal import Glibc
internal import Synchronization

/// The signals that ask the program to stop: SIGTERM and SIGINT, and any other that it takes while nobody listens for that one.
///
/// The main thread takes them, so nothing runs inside a signal handler. A command that listens is told of the first one; a
/// second one, and the first where no command listens, ends the process at once.
enum StopSignal {
  private static let listener = Mutex<AsyncStream<Void>.Continuation?>(nil)

  /// Holds the signals back from all threads that begin from now on, which inherit it.
  static func hold() {
    var signals = held
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // A caller that leaves early is an error of its connection, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Takes signals for as long as the process lives; for the main thread.
  static func take() -> Never {
    while true {
      var signals = held
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      if OutageSignal.take(number) { continue }
      let listener = listener.withLock { listener in
        defer { listener = nil }
        return listener
      }
      guard let listener else { _exit(128 + number) }
      listener.finish()
    }
  }

  /// Listens from now on.
  ///
  /// - Returns: What ends with the first signal.
  static func listen() -> AsyncStream<Void> {
    let (arrivals, arrival) = AsyncStream<Void>.makeStream()
    listener.withLock { $0 = arrival }
    return arrivals
  }

  /// Listens no longer, so that the next signal ends the process at once.
  static func ignore() { listener.withLock { $0 = nil } }

  private static var held: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    for outage in OutageSignal.allCases { sigaddset(&signals, outage.number) }
    return signals
  }
}

extension AsyncStream<Void> {
  /// Waits until the stream ends, or the task is cancelled.
  func ended() async {
    for await _ in self {}
  }
}
