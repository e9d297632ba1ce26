import Synchronization
import Testing

@testable import MasteryService

@Suite("AsyncSemaphore")
struct TurnTests {
  private final class Journal: Sendable {
    private let state = Mutex<[String]>([])
    var names: [String] { state.withLock { $0 } }
    func append(_ name: String) { state.withLock { $0.append(name) } }
  }

  @Test("AsyncSemaphore gives the next turn to the most urgent waiter, and among equals to the first")
  func urgency() async {
    let turns = AsyncSemaphore(1)
    let journal = Journal()
    let (release, signal) = AsyncStream<Void>.makeStream()
    let holder = Task {
      await turns.take {
        journal.append("holder")
        for await _ in release {}
      }
    }
    while journal.names.isEmpty { await Task.yield() }
    var comers: [Task<Void, Never>] = []
    for (name, urgency) in [("low 1", 0), ("low 2", 0), ("high 1", 2), ("normal", 1), ("high 2", 2), ("low 3", 0)] {
      comers.append(Task { await turns.take(urgency: urgency) { journal.append(name) } })
      while turns.waiting < comers.count { await Task.yield() }
    }
    signal.finish()
    await holder.value
    for comer in comers { await comer.value }
    #expect(journal.names == ["holder", "high 1", "high 2", "normal", "low 1", "low 2", "low 3"])
  }
}
