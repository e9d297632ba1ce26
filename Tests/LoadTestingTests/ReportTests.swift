import JSON
import LoadTesting
import Testing

@Suite("Report of a load")
struct ReportTests {
  private static var report: LoadReport {
    var report = LoadReport(scenario: "steady", began: "2026-11-17T00:00:00Z", version: "0.1.0", settings: [("rate", 5_000)])
    report.figures = [
      Figure("p99", 499.5, "ms", .under(500)), Figure("memory", 1.11, "", .atMost(1.1)), Figure("lost", 0, .exactly(0)),
      Figure("recovery", nil, "s", .atMost(10)), Figure("told", 12.5, "MB"),
    ]
    var histogram = LatencyHistogram()
    for value in 1...100 { histogram.record(value * 1_000) }
    report.latencies = [("query", histogram), ("none", LatencyHistogram())]
    var sample = LoadReport.Sample()
    (sample.second, sample.memory, sample.away) = (3, 12.34, ["pubsub"])
    report.samples = [sample]
    return report
  }

  @Test("Bounds are kept or missed by their words, and nothing measured keeps none")
  func bounds() {
    #expect(Self.report.figures.map(\.isMet) == [true, false, true, false, nil])
    #expect(Self.report.missed.map(\.name) == ["memory", "recovery"])
    #expect(Figure("a", 500, "ms", .under(500)).isMet == false && Figure("a", 500, "ms", .atMost(500)).isMet == true)
  }

  @Test("The table has a line for each figure and each latency that was measured")
  func table() {
    #expect(
      Self.report.table == [
        "p99       499.5 ms      < 500         met",
        "memory    1.11          ≤ 1.1         MISSED",
        "lost      0             = 0           met",
        "recovery  none          ≤ 10          MISSED",
        "told      12.5 MB",
        "query     p50 50.05, p90 90.11, p95 95.23, p99 99.07, p99.9 100, max 100 ms of 100",
      ])
  }

  @Test("The JSON holds settings, figures, latencies in milliseconds and seconds")
  func json() throws {
    try JSONDocument.parse(Self.report.json) { root in
      #expect(root["schema"]?.integer == 1 && root["scenario"]?.string == "steady" && root["met"]?.boolean == false)
      #expect(root["settings"]?["rate"]?.integer == 5_000)
      let figures = try #require(root["figures"])
      #expect(figures.elements.compactMap { $0["bound"]?.string } == ["< 500", "≤ 1.1", "= 0", "≤ 10"])
      #expect(figures.elements.compactMap { $0["met"]?.boolean } == [true, false, true, false])
      let latency = try #require(root["latencies"]?.elements.first { $0["name"]?.string == "query" })
      #expect(latency["count"]?.integer == 100 && latency["max"]?.number == 100 && latency["mean"]?.number == 50.5)
      let median = try #require(latency["p50"]?.number)
      #expect((50...50.2).contains(median))
      let sample = try #require(root["samples"]?.elements.first { _ in true })
      #expect(sample["second"]?.integer == 3 && sample["memory_mb"]?.number == 12.3 && sample["away"]?.elements.count { _ in true } == 1)
    }
  }

  @Test("Trouble counts from the end of its outage, and before the first it counts nowhere")
  func recovery() {
    var recovery = Recovery([Outage("store", begin: 10, end: 20), Outage("broker", begin: 40, end: 50)])
    for time in [5, 12, 27, 25, 45] { recovery.note(time) }
    #expect(recovery.time(after: 0) == 7 && recovery.time(after: 1) == 0 && recovery.time(after: 2) == 0)
    #expect(Recovery([]).time(after: 0) == 0)
  }
}
