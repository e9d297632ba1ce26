internal import Dispatch
internal import Synchronization

/// Runs many worlds, one for each seed, on several threads.
public struct Sweep: Sendable {
  /// The outcome of the worlds so far.
  public struct Summary: Sendable {
    /// The number of finished worlds.
    public fileprivate(set) var runs = 0
    /// The number of steps they took.
    public fileprivate(set) var steps = 0
    /// How often each fault was injected.
    public fileprivate(set) var injected: [Fault: Int] = [:]
    /// The first breach of each world that broke a law, by seed.
    public fileprivate(set) var breaches: [UInt64: Breach] = [:]

    fileprivate mutating func add(_ run: Run, _ seed: UInt64) {
      runs += 1
      steps += run.steps
      injected.merge(run.injected) { $0 + $1 }
      breaches[seed] = run.breach
    }
  }

  private let count: Int
  private let seed: @Sendable (Int) -> UInt64
  private let course: Course?
  private let mistake: Mistake?

  /// Creates a sweep over seeds.
  ///
  /// - Parameters:
  ///   - seeds: The seeds.
  ///   - course: Real events to use instead of generated ones.
  ///   - mistake: The mistake to plant into the replicas.
  public init(_ seeds: some RandomAccessCollection<UInt64> & Sendable, course: Course? = nil, mistake: Mistake? = nil) {
    count = seeds.count
    seed = { seeds[seeds.index(seeds.startIndex, offsetBy: $0)] }
    self.course = course
    self.mistake = mistake
  }

  /// Runs all worlds.
  ///
  /// - Parameters:
  ///   - workers: How many worlds run at once; at least one does.
  ///   - progress: Called after each world, never concurrently.
  /// - Returns: The outcome of all worlds that ran.
  public func run(workers: Int, progress: @escaping @Sendable (Summary) -> Void = { _ in }) async -> Summary {
    let state = Progress(progress)
    await withTaskGroup { group in
      for worker in 0..<max(1, workers) {
        group.addTask {
          // A world never suspends, so it would block a thread of the cooperative pool.
          await withCheckedContinuation { continuation in
            DispatchQueue(label: "worlds \(worker)").async {
              while let seed = state.take(before: count).map(seed) {
                state.add(Run(Plan(seed: seed, course: course), mistake: mistake), seed)
              }
              continuation.resume()
            }
          }
        }
      }
    }
    return state.summary
  }

  /// The next seed's index, and the outcome so far.
  private final class Progress: Sendable {
    private let state = Mutex((next: 0, summary: Summary()))
    private let tell: @Sendable (Summary) -> Void

    init(_ tell: @escaping @Sendable (Summary) -> Void) {
      self.tell = tell
    }

    var summary: Summary { state.withLock { $0.summary } }

    func take(before end: Int) -> Int? {
      state.withLock { state in
        guard state.next < end else { return nil }
        defer { state.next += 1 }
        return state.next
      }
    }

    func add(_ run: Run, _ seed: UInt64) {
      state.withLock { state in
        state.summary.add(run, seed)
        tell(state.summary)
      }
    }
  }
}
