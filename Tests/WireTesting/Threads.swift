internal import Glibc

/// Runs blocking work on a thread of its own, so that the tasks' threads stay free for what it waits for.
public func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    detachThread { continuation.resume(returning: work()) }
  }
}

/// The work of a thread.
private final class Work {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}

/// Holds the thread up.
func pause(_ milliseconds: Int) { usleep(UInt32(milliseconds) * 1_000) }

func detachThread(_ work: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Work(work)).toOpaque()
  let made = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, context)
  precondition(made == 0, "no thread for a test")
  pthread_detach(thread)
}
