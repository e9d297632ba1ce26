import Metrics
import Testing

@Suite("Metrics as text")
struct ExpositionTests {
  private enum Fruit: String, MetricLabels, CaseIterable {
    case apple
    case quince = "\"quince\"\\\n"
  }

  @Test("Counters, gauges and histograms are written as Prometheus' text format 0.0.4 has them")
  func prometheus() {
    let counter = Counter<Fruit>("fruits_total", "Fruits\nby \"kind\".", labels: ["kind"], known: Fruit.allCases)
    counter.add(2, .quince)
    let gauge = Gauge<NoLabels>("basket_kilograms", "What the basket weighs.", 0.5)
    let histogram = Histogram<NoLabels>("peeling_seconds", "How long peeling takes.", bounds: [0.1, 1])
    for seconds in [0.05, 0.1, 0.11, 1.0, 1.5] { histogram.observe(seconds) }
    #expect(
      Exposition.text(of: [counter, gauge, histogram], .prometheus) == #"""
        # HELP fruits_total Fruits\nby "kind".
        # TYPE fruits_total counter
        fruits_total{kind="\"quince\"\\\n"} 2
        fruits_total{kind="apple"} 0
        # HELP basket_kilograms What the basket weighs.
        # TYPE basket_kilograms gauge
        basket_kilograms 0.5
        # HELP peeling_seconds How long peeling takes.
        # TYPE peeling_seconds histogram
        peeling_seconds_bucket{le="0.1"} 2
        peeling_seconds_bucket{le="1.0"} 4
        peeling_seconds_bucket{le="+Inf"} 5
        peeling_seconds_sum 2.76
        peeling_seconds_count 5

        """#)
  }

  @Test("OpenMetrics names a counter without its ending, ends with EOF, and has the traces of some values")
  func openMetrics() {
    let counter = Counter<NoLabels>("fruits_total", "\"Fruits\".")
    counter.add(3)
    let histogram = Histogram<NoLabels>("peeling_seconds", "How long peeling takes.", bounds: [1])
    histogram.observe(0.5, trace: "0af7651916cd43dd8448eb211c80319c")
    histogram.observe(7)
    #expect(
      Exposition.text(of: [counter, histogram], .openMetrics) == #"""
        # HELP fruits \"Fruits\".
        # TYPE fruits counter
        fruits_total 3
        # HELP peeling_seconds How long peeling takes.
        # TYPE peeling_seconds histogram
        peeling_seconds_bucket{le="1.0"} 1 # {trace_id="0af7651916cd43dd8448eb211c80319c"} 0.5
        peeling_seconds_bucket{le="+Inf"} 2
        peeling_seconds_sum 7.5
        peeling_seconds_count 2
        # EOF

        """#)
    #expect(!Exposition.text(of: [histogram], .prometheus).contains("trace_id"))
  }

  @Test(
    "OpenMetrics is for those who ask for it",
    arguments: [
      (nil, false), ("*/*", false), ("text/plain;version=0.0.4", false),
      ("application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5", true), ("Application/OpenMetrics-Text", true),
    ])
  func negotiation(_ accept: String?, _ isOpen: Bool) {
    let format = Exposition.Format(accept: accept)
    #expect(format.contentType.hasPrefix(isOpen ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4"))
  }

  @Test("The buckets of a histogram are those that counting by hand finds")
  func buckets() throws {
    var random = SystemRandomNumberGenerator()
    let values = (0..<500).map { _ in Double.random(in: -1...12, using: &random) }
    let histogram = Histogram<Fruit>("x_seconds", "X.", labels: ["kind"], bounds: [0.5, 1, 2, 10])
    for value in values.prefix(250) { histogram.observe(value, .apple) }
    histogram.observe(each: Array(values.dropFirst(250)), .apple)
    histogram.observe(3, times: 4, .apple)
    let lines = Exposition.text(of: [histogram], .prometheus).split(separator: "\n").map(String.init)
    let all = values.map { max($0, 0) } + [3, 3, 3, 3]
    for (bound, name) in [(0.5, "0.5"), (1, "1.0"), (2, "2.0"), (10, "10.0"), (.infinity, "+Inf")] {
      #expect(lines.contains(#"x_seconds_bucket{kind="apple",le="\#(name)"} \#(all.count { $0 <= bound })"#))
    }
    #expect(lines.contains(#"x_seconds_count{kind="apple"} 504"#))
    let sum = try #require(lines.first { $0.hasPrefix("x_seconds_sum") }?.split(separator: " ").last.flatMap { Double($0) })
    #expect(abs(sum - all.reduce(0, +)) < 1e-6)
  }

  @Test("Names that strangers choose make at most so many values, and those that came first stay what they are")
  func fewNames() {
    let names = FewNames(atMost: 2)
    #expect(["a", "b", "c", "a", "d", "b"].map(names.label) == ["a", "b", "other", "a", "other", "b"])
  }

  @Test("What the process takes is read off the machine")
  func process() throws {
    let lines = Exposition.text(of: ProcessUse.families, .prometheus).split(separator: "\n").filter { !$0.hasPrefix("#") }
    let samples = Dictionary(
      uniqueKeysWithValues: try lines.map { line in
        let words = line.split(separator: " ")
        return (String(words[0]), try #require(Double(words[1])))
      })
    #expect(try #require(samples["process_cpu_seconds_total"]) > 0)
    #expect((1e6...1e11).contains(try #require(samples["process_resident_memory_bytes"])))
    #expect((3...1e6).contains(try #require(samples["process_open_fds"])))
  }
}
