internal import Glibc
internal import Synchronization

/// The signals that ask the program to stop: SIGTERM and SIGINT, and any other handled signal that has no listener.
///
/// The main thread receives them, so no code runs inside a signal handler. A listening command is told of the first one; a second one, or
/// the first without a listening command, ends the process immediately.
enum StopSignal {
  private static let listener = Mutex<AsyncStream<Void>.Continuation?>(nil)

  /// Blocks the signals in all threads started from now on, which inherit the mask.
  static func hold() {
    var signals = held
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // A caller that disconnects early is an error of its connection, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Receives signals for the rest of the process; runs on the main thread.
  static func take() -> Never {
    while true {
      var signals = held
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      if ToldSignal.take(number) { continue }
      let listener = listener.withLock { listener in
        defer { listener = nil }
        return listener
      }
      guard let listener else { _exit(128 + number) }
      listener.finish()
    }
  }

  /// Starts listening.
  ///
  /// - Returns: A stream that ends with the first signal.
  static func listen() -> AsyncStream<Void> {
    let (arrivals, arrival) = AsyncStream<Void>.makeStream()
    listener.withLock { $0 = arrival }
    return arrivals
  }

  /// Stops listening, so that the next signal ends the process immediately.
  static func ignore() { listener.withLock { $0 = nil } }

  private static var held: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    for told in ToldSignal.allCases { sigaddset(&signals, told.number) }
    return signals
  }
}

extension AsyncStream<Void> {
  /// Waits until the stream ends or the task is cancelled.
  func ended() async {
    for await _ in self {}
  }
}
