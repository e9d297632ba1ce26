import MasteryCore
import MasteryService
import Synchronization
import Testing

@testable import Commands

@Suite("A replay knows when the engine is done")
struct WorkedOffTests {
  private let clock = SteppedClock("2026-11-21T10:00:00Z")

  /// Waits for an engine that tells these numbers, the last one for ever.
  private func wait(_ told: [Int?]) async throws {
    let rest = Mutex(told)
    let next: @Sendable () -> Int? = { rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
    try await WorkedOff(left: { _ in next() }, edge: clock.edge).wait(100)
  }

  @Test("nothing left is done")
  func done() async throws {
    try await wait([5, nil, 3, 0])
    #expect(clock.pauses.count == 3)
  }

  @Test("a minute without a change is the end")
  func stuck() async {
    let failure = await #expect(throws: CommandFailure.self) { try await wait([9, 7]) }
    #expect(failure?.status == 1)
    #expect(failure?.message.contains("7 events wait") == true)
    #expect((60_000...60_200).contains(clock.pauses.reduce(0, +)))
  }

  @Test("slow progress is progress")
  func slow() async throws {
    try await wait((0...2_000).reversed().map { $0 / 800 })
  }

  @Test("an engine that tells nothing is not waited for without end")
  func silent() async {
    await #expect(throws: CommandFailure.self) { try await wait([nil]) }
  }

  @Test("the sidecar's counters are summed over the topics of a replay")
  func metadata() {
    let text =
      #"{"id":"x","extended":{"undelivered":"99","learning.quiz.undelivered":"3","learning.quality.undelivered":"4","mastery.results.undelivered":"50"}}"#
    #expect(EngineProgress.undelivered(Array(text.utf8)) == 7)
    #expect(EngineProgress.undelivered(Array(#"{"extended":{"undelivered":"99"}}"#.utf8)) == 99)
    #expect(EngineProgress.undelivered(Array(#"{"extended":{"daprRuntimeVersion":"1.17"}}"#.utf8)) == nil)
    #expect(EngineProgress.undelivered(Array("{}".utf8)) == nil)
    #expect(EngineProgress.undelivered(Array("nope".utf8)) == nil)
  }

  @Test("the engine's counters are read out of its metrics")
  func metrics() {
    let text = """
      # TYPE mastery_events_total counter
      mastery_events_total{outcome="folded"} 100
      mastery_events_total{outcome="refused"} 7
      mastery_events_total{outcome="poisoned"} 2
      mastery_events_total{outcome="retried"} 1000
      mastery_events_total{outcome="forgotten"} 5
      mastery_publish_failures_total 3
      """
    #expect(EngineProgress.counters(Array(text.utf8)) == EngineProgress.Counters(workedOff: 114, refused: 9))
    #expect(EngineProgress.counters(Array("other 1".utf8)) == nil)
  }

  @Test("the summary lines its numbers up")
  func summary() {
    let counts = Replay.Counts(published: 2_500, leftOut: 3, unreadable: 0, students: ["a", "b"])
    #expect(
      ReplaySummary(counts: counts, refused: 1, seconds: 0.5).text == """
        events      2500
        students    2
        left out    3
        refused     1
        rate        5000 events/s
        """)
  }

  @Test("the bar shows how far the file is read, ten times a second at the most")
  func bar() {
    var drawn: [String] = []
    let now = clock.edge.now()
    var bar = ProgressBar(size: 200) { drawn.append($0) }
    bar.show(place: 50, events: 7, now: now)
    bar.show(place: 60, events: 8, now: now.adding(milliseconds: 99))
    bar.show(place: 200, events: 9, now: now.adding(milliseconds: 100))
    bar.end()
    #expect(
      drawn == ["[#######.......................] 25 % 7 events", "[##############################] 100 % 9 events", ""])
  }
}
