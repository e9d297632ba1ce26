import LoadTesting
import Testing

@Suite("Histogram of latencies")
struct LatencyHistogramTests {
  @Test("Every percentile of random values is that of the sorted array, or at most 1/256 above it", arguments: 0..<20 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = Words(seed: seed)
    // Of every magnitude from microseconds to hours.
    let values = (0..<Int(random.next() % 5_000) + 1).map { _ in Int(random.next() >> (24 + random.next() % 40)) }
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    let sorted = values.sorted()
    for thousandths in [0, 1, 25_000, 50_000, 90_000, 95_000, 99_000, 99_900, 99_990, 100_000] {
      // The nearest rank by its definition: the smallest value with at least so many per cent of the values not above it.
      let needed = { (number: Int) in number * 100_000 >= thousandths * values.count }
      let exact = sorted[sorted.indices.first { needed($0 + 1) } ?? sorted.count - 1]
      let found = histogram.value(at: Percentile(thousandths))
      #expect(found >= exact && Double(found) <= Double(exact) * (1 + 1.0 / 256))
    }
    #expect(histogram.minimum == sorted.first && histogram.maximum == sorted.last && histogram.count == values.count)
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    #expect(abs(histogram.mean - mean) <= mean * 1e-9)
  }

  @Test("Small values are exact: of 1 to 100 the median is 50, the 99th percentile 99, and the highest 100")
  func small() {
    var histogram = LatencyHistogram()
    for value in 1...100 { histogram.record(value) }
    #expect(histogram.value(at: .p50) == 50 && histogram.value(at: .p99) == 99 && histogram.value(at: .p999) == 100)
    #expect(histogram.value(at: Percentile(0)) == 1 && histogram.count(upTo: 10) == 10)
  }

  @Test("One of a thousand moves p99.9 no further than its rank says, and never p99")
  func outlier() {
    var histogram = LatencyHistogram()
    for _ in 0..<999 { histogram.record(100) }
    histogram.record(9_000_000)
    #expect(histogram.value(at: .p99) == 100 && histogram.value(at: .p999) == 100 && histogram.value(at: Percentile(100_000)) == 9_000_000)
  }

  @Test("Merged histograms are the histogram of all values", arguments: 0..<10 as Range<UInt64>)
  func merged(seed: UInt64) {
    var random = Words(seed: seed)
    var (parts, whole) = ([LatencyHistogram(), LatencyHistogram(), LatencyHistogram()], LatencyHistogram())
    for _ in 0..<1_000 {
      let value = Int(random.next() >> (30 + random.next() % 30))
      parts[Int(random.next() % 3)].record(value)
      whole.record(value)
    }
    var merged = LatencyHistogram()
    for part in parts { merged.merge(part) }
    #expect(merged.count == whole.count && merged.minimum == whole.minimum && merged.maximum == whole.maximum)
    for percentile in Percentile.shown { #expect(merged.value(at: percentile) == whole.value(at: percentile)) }
  }

  @Test("Without values everything is 0, a negative value counts as 0, and the largest number has its place")
  func edges() {
    var histogram = LatencyHistogram()
    #expect(histogram.value(at: .p99) == 0 && histogram.mean == 0 && histogram.count(upTo: .max) == 0)
    histogram.merge(LatencyHistogram())
    histogram.record(-5)
    histogram.record(.max)
    #expect(histogram.minimum == 0 && histogram.maximum == .max && histogram.value(at: .p99) == .max && histogram.count(upTo: -1) == 0)
  }

  @Test("Percentiles have the names that people write")
  func names() {
    #expect(Percentile.shown.map(\.name) == ["p50", "p90", "p95", "p99", "p99.9"])
    #expect(Percentile(99_990).name == "p99.99" && Percentile(-3).thousandths == 0 && Percentile(200_000).thousandths == 100_000)
  }
}
