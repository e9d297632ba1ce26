import Testing

@testable import Commands

@Suite("The counters of several engine processes together")
struct EngineLedgerTests {
  private func counts(_ started: Double?, _ workedOff: Int, refused: Int = 0, reasons: [String: Int] = [:]) -> EngineCounts {
    EngineCounts(started: started, workedOff: workedOff, refused: refused, reasons: reasons)
  }

  @Test("Only what is counted since the replay began counts, whichever replica the sidecar reaches")
  func replicas() {
    var ledger = EngineLedger(began: 1_000)
    ledger.open(counts(10, 500, refused: 7, reasons: ["malformed": 7]), from: "sidecar")
    ledger.open(counts(20, 300), from: "sidecar")
    for (started, workedOff) in [(10.0, 510), (20, 330), (10, 540), (10, 545), (20, 350)] {
      ledger.note(
        counts(started, workedOff, refused: started == 10 ? 9 : 0, reasons: started == 10 ? ["malformed": 9] : [:]), from: "sidecar")
    }
    #expect(ledger.sum.workedOff == 45 + 50)
    #expect(ledger.sum.refused == 2 && ledger.sum.reasons == ["malformed": 2])
    #expect(ledger.isExact)
  }

  @Test("A process that began meanwhile counts from zero, its predecessor's work stays, and the sum becomes a lower bound")
  func restart() {
    var ledger = EngineLedger(began: 1_000)
    ledger.open(counts(10, 500), from: "a")
    ledger.note(counts(10, 560), from: "a")
    #expect(ledger.isExact)
    ledger.note(counts(1_001, 15), from: "a")
    #expect(ledger.sum.workedOff == 75)
    #expect(!ledger.isExact)
  }

  @Test("A replica that was there before and is met late counts from then on")
  func metLate() {
    var ledger = EngineLedger(began: 1_000)
    ledger.open(counts(10, 500), from: "sidecar")
    ledger.note(counts(20, 9_000), from: "sidecar")
    ledger.note(counts(20, 9_003), from: "sidecar")
    #expect(ledger.sum.workedOff == 3 && !ledger.isExact)
  }

  @Test("Processes without a start time are distinguished by address, and a restart by falling counters")
  func nameless() {
    var ledger = EngineLedger(began: 1_000)
    ledger.open(counts(nil, 500), from: "a")
    ledger.open(counts(nil, 100), from: "b")
    ledger.note(counts(nil, 520), from: "a")
    ledger.note(counts(nil, 130), from: "b")
    #expect(ledger.sum.workedOff == 50 && ledger.isExact)
    ledger.note(counts(nil, 5), from: "a")
    ledger.note(counts(nil, 9), from: "a")
    #expect(ledger.sum.workedOff == 50 + 9 && !ledger.isExact)
  }

  @Test("The engine's counters are read from its metrics")
  func metrics() {
    let text = """
      # TYPE mastery_events_total counter
      mastery_events_total{outcome="folded",type="quiz"} 100
      mastery_events_total{outcome="refused",type="quiz"} 7
      mastery_events_total{outcome="poisoned",type="quiz"} 2
      mastery_events_total{outcome="deferred",type="quiz"} 30
      mastery_events_total{outcome="retried",type="quiz"} 1000
      mastery_events_total{outcome="forgotten",type="quiz"} 5
      mastery_events_refused_total{reason="malformed"} 4
      mastery_events_refused_total{reason="out_of_range"} 3
      mastery_publish_failures_total 3
      process_start_time_seconds 1773576000.25
      """
    #expect(
      EngineCounts(Array(text.utf8))
        == EngineCounts(
          started: 1_773_576_000.25, workedOff: 114, refused: 9, reasons: ["malformed": 4, "out_of_range": 3], retried: 1030))
    #expect(EngineCounts(Array("other 1\nprocess_start_time_seconds 1".utf8)) == nil)
    #expect(EngineCounts([]) == nil)
  }

  @Test("The sidecar's counters are summed over the topics of a replay and the waiting room")
  func metadata() {
    let text = """
      {"id":"x","extended":{"undelivered":"99","learning.quiz.undelivered":"3","learning.quality.undelivered":"4",
      "mastery.results.undelivered":"50","mastery.retry.undelivered":"2","mastery.dlq.published":"11"}}
      """
    let counts = BrokerCounts(Array(text.utf8))
    #expect(counts?.undelivered == 9 && counts?.postponed == 2 && counts?.deadLetters == 11)
    #expect(BrokerCounts(Array(#"{"extended":{"undelivered":"99"}}"#.utf8))?.undelivered == 99)
    for text in [#"{"extended":{"daprRuntimeVersion":"1.18"}}"#, "{}", "nope"] { #expect(BrokerCounts(Array(text.utf8)) == nil) }
  }
}
