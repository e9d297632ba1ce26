internal import Synchronization

/// Runs tasks one step at a time on the calling thread, and lets a seed choose the next one: the same seed gives the same course of events.
public final class SeededExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let random: SeededGenerator

  /// An executor whose choices come from a generator.
  public init(_ random: SeededGenerator) { self.random = random }

  /// Runs a step that is ready.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// Begins a task whose steps run here.
  func begin(_ body: @escaping @Sendable () async -> Void) {
    Task(executorPreference: self) { await body() }
  }

  /// Runs until nothing more is ready.
  ///
  /// - Parameter limit: Most steps to run.
  /// - Returns: How many steps that took.
  @discardableResult
  func run(atMost limit: Int = .max) -> Int {
    var steps = 0
    while steps < limit, let job = next() {
      job.runSynchronously(on: asUnownedTaskExecutor())
      steps += 1
    }
    return steps
  }

  /// Runs until nothing more is ready.
  ///
  /// - Parameter body: What to do; everything that it starts runs here too.
  /// - Returns: True if the body finished, false if it waits for something that nobody will do any more.
  public func finishes(_ body: @escaping @Sendable () async -> Void) -> Bool {
    let end = End()
    begin {
      await body()
      end.isReached.store(true, ordering: .sequentiallyConsistent)
    }
    run()
    return end.isReached.load(ordering: .sequentiallyConsistent)
  }

  private func next() -> UnownedJob? {
    jobs.withLock { jobs in jobs.isEmpty ? nil : jobs.remove(at: random.draw(0..<jobs.count)) }
  }

  private final class End: Sendable {
    let isReached = Atomic(false)
  }
}
