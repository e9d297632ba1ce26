internal import Synchronization

/// Runs tasks one step at a time on the calling thread, in an order that a seed determines.
public final class SeededExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let random: SeededGenerator

  /// Creates an executor that chooses the next step with a generator.
  public init(_ random: SeededGenerator) { self.random = random }

  /// Adds a step that is ready to run.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// Starts a task on this executor.
  func begin(_ body: @escaping @Sendable () async -> Void) {
    Task(executorPreference: self) { await body() }
  }

  /// Runs steps until none is ready.
  ///
  /// - Parameter limit: The maximum number of steps to run.
  /// - Returns: The number of steps run.
  @discardableResult
  func run(atMost limit: Int = .max) -> Int {
    var steps = 0
    while steps < limit, let job = next() {
      job.runSynchronously(on: asUnownedTaskExecutor())
      steps += 1
    }
    return steps
  }

  /// Starts a task and runs steps until none is ready.
  ///
  /// - Parameter body: The task; tasks that it starts run on this executor too.
  /// - Returns: Whether the task finished; false if it waits for something that will never happen.
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
