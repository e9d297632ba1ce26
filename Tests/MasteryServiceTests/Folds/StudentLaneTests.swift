import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("The lanes of students")
struct StudentLaneTests {
  /// What happened in the lanes of one run.
  private final class Watch: Sendable {
    struct Seen {
      var inFlight: Set<StudentKey> = []
      var overlaps = 0
      var folded: [EventID] = []
      var batches = 0
      var running = 0
      var mostRunning = 0
    }

    let seen = Mutex(Seen())
    /// The outcome of each delivery, by its index.
    let told = Mutex<[Int: [FoldOutcome]]>([:])

    func enters(_ batch: [StudentEvents]) {
      seen.withLock { seen in
        for events in batch {
          if !seen.inFlight.insert(events.key).inserted { seen.overlaps += 1 }
          seen.folded += events.observations.map(\.event)
        }
        seen.batches += 1
        seen.running += 1
        seen.mostRunning = max(seen.mostRunning, seen.running)
      }
    }

    func leaves(_ batch: [StudentEvents]) {
      seen.withLock { seen in
        for events in batch { seen.inFlight.remove(events.key) }
        seen.running -= 1
      }
    }
  }

  private static let students = ["a", "b", "c", "d"].compactMap { StudentID($0) }.map { StudentKey(school: nil, student: $0) }

  private static func deliveries(_ random: SeededGenerator) -> [[StudentEvents]] {
    (0..<random.draw(2..<8)).map { delivery in
      students.filter { _ in !random.once(in: 3) }.map { key in
        let events = (0..<random.draw(1..<3)).compactMap { EventID("\(delivery)-\(key.student.text)-\($0)") }
        return StudentEvents(
          key: key,
          observations: events.map {
            Observation(event: $0, timestamp: Timestamp(milliseconds: 0), source: nil, cohort: nil, contents: ComponentValues())
          }, deliveredAt: nil)
      }
    }
  }

  @Test(
    "Student lanes fold each student once at a time, each event once, within the turns, and let every delivery finish", arguments: 0..<20)
  func laws(_ block: Int) {
    for seed in block * 100..<block * 100 + 100 {
      let random = SeededGenerator(seed: UInt64(seed))
      let deliveries = Self.deliveries(random)
      let watch = Watch()
      let turns = random.draw(1..<4)
      let lanes = StudentLanes(turns: AsyncSemaphore(turns))
      let isFinished = SeededExecutor(random).finishes {
        await withTaskGroup { group in
          for (index, delivery) in deliveries.enumerated() {
            group.addTask {
              let outcomes = await lanes.run(delivery) { batch in
                watch.enters(batch)
                for _ in 0..<random.draw(0..<5) { await Task.yield() }
                watch.leaves(batch)
                return batch.map { .retry($0.observations.map(\.event.text).joined(separator: " ")) }
              }
              watch.told.withLock { $0[index] = outcomes }
            }
          }
        }
      }
      #expect(isFinished, "seed \(seed): somebody waits for ever")
      let seen = watch.seen.withLock { $0 }
      #expect(seen.overlaps == 0, "seed \(seed)")
      #expect(seen.mostRunning <= turns, "seed \(seed)")
      let all = deliveries.flatMap { $0.flatMap { $0.observations.map(\.event) } }
      #expect(seen.folded.sorted() == all.sorted(), "seed \(seed)")
      // Every delivery gets, for each of its students, the outcome of the very fold with its events.
      let hearsOfItsOwn = deliveries.enumerated().allSatisfy { index, delivery in
        let outcomes = watch.told.withLock { $0[index] ?? [] }
        return outcomes.count == delivery.count
          && zip(delivery, outcomes).allSatisfy { events, outcome in
            guard case .retry(let folded) = outcome else { return false }
            return Set(events.observations.map(\.event.text)).isSubset(of: folded.split(separator: " ").map(String.init))
          }
      }
      #expect(hearsOfItsOwn, "seed \(seed)")
    }
  }

  @Test("Student lanes gather waiting events into one fold")
  func gathers() {
    let random = SeededGenerator(seed: 1)
    let lanes = StudentLanes()
    let watch = Watch()
    let events = StudentEvents(key: Self.students[0], observations: [], deliveredAt: nil)
    let isFinished = SeededExecutor(random).finishes {
      await withTaskGroup { group in
        for _ in 0..<20 {
          group.addTask {
            _ = await lanes.run([events]) { batch in
              watch.enters(batch)
              for _ in 0..<100 { await Task.yield() }
              watch.leaves(batch)
              return batch.map { _ in .folded(forgotten: 0) }
            }
          }
        }
      }
    }
    #expect(isFinished)
    #expect(watch.seen.withLock { $0.batches } == 2)
  }

  @Test("Student lanes gather events while they wait for a turn")
  func gathersBehindOthers() {
    let random = SeededGenerator(seed: 2)
    let lanes = StudentLanes(turns: AsyncSemaphore(1))
    let watch = Watch()
    let events = Self.students.map { StudentEvents(key: $0, observations: [], deliveredAt: nil) }
    let isFinished = SeededExecutor(random).finishes {
      await withTaskGroup { group in
        for index in 0..<40 {
          group.addTask {
            _ = await lanes.run([events[index % events.count]]) { batch in
              watch.enters(batch)
              for _ in 0..<500 { await Task.yield() }
              watch.leaves(batch)
              return batch.map { _ in .folded(forgotten: 0) }
            }
          }
        }
      }
    }
    #expect(isFinished)
    // One student's first fold runs at once and finds nobody waiting; the others have all gathered when their turn comes.
    #expect(watch.seen.withLock { $0.batches } == Self.students.count + 1)
  }
}
