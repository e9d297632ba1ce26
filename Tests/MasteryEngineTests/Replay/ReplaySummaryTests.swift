import MasteryCore
import MasteryService
import Testing

@testable import Commands

@Suite("The summary of a replay")
struct ReplaySummaryTests {
  private let counts = Replay.Counts(published: 2_500, leftOut: 3, students: ["a", "b"])

  @Test("The summary of a replay lines up its numbers")
  func lines() {
    let summary = ReplaySummary(counts: counts, ending: .all, refused: 0, seconds: 0.5)
    #expect(
      summary.text == """
        events      2500
        students    2
        left out    3
        refused     0
        rate        5000 events/s
        """)
    #expect(summary.shortcoming == nil)
  }

  @Test("The summary says why not everything is in: refused lines, a stuck engine, refused events with their reasons")
  func shortcomings() throws {
    var lacking = counts
    for line in 1...4 { lacking.refused.add(.malformed, line: line) }
    let summary = ReplaySummary(
      counts: lacking, ending: .stuck("the state store does not answer"), refused: 9, reasons: ["malformed": 2, "out_of_range": 7],
      seconds: 1)
    let why = try #require(summary.shortcoming)
    for words in ["would refuse: 4 (4 malformed)", "the state store does not answer", "refused: 9 (7 out_of_range, 2 malformed)"] {
      #expect(why.contains(words))
    }
    #expect(ReplaySummary(counts: counts, refused: 1, seconds: 1).shortcoming?.contains("mastery.dlq") == true)
    #expect(ReplaySummary(counts: counts, refused: nil, seconds: 1).shortcoming == nil)
  }

  @Test("The summary gives the count if replicas came and went, which is no shortcoming")
  func idle() {
    let summary = ReplaySummary(counts: counts, ending: .idle(counted: 2_499), refused: 0, seconds: 1)
    #expect(summary.text.contains("counted     2499"))
    #expect(summary.shortcoming == nil)
  }

  @Test("The progress bar shows how much of the file is read, at most ten times a second")
  func bar() {
    var drawn: [String] = []
    let now = SteppedClock("2026-11-21T10:00:00Z").runtime.now()
    var bar = ProgressBar(size: 200) { drawn.append($0) }
    bar.show(position: 50, events: 7, now: now)
    bar.show(position: 60, events: 8, now: now.adding(milliseconds: 99))
    bar.show(position: 200, events: 9, now: now.adding(milliseconds: 100))
    bar.end()
    #expect(
      drawn == ["[#######.......................] 25 % 7 events", "[##############################] 100 % 9 events", ""])
  }
}
