import Glibc

/// Threads of their own for loops that wait for the clock, so that they never take one from tasks.
enum LoadThread {
  private final class Work {
    let run: () -> Void

    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// Runs work on a thread of its own and waits for its result.
  static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      let held = Unmanaged.passRetained(Work { continuation.resume(returning: work()) })
      var thread = pthread_t()
      let outcome = pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
          return nil
        }, held.toOpaque())
      if outcome == 0 {
        pthread_detach(thread)
      } else {
        // Without a thread the work is done here.
        held.takeRetainedValue().run()
      }
    }
  }
}
