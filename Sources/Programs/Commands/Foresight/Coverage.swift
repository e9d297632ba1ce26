/// How often the truth was within the interval.
struct Coverage: Hashable, Sendable {
  private(set) var count = 0
  private var covered = 0
  private var widths = 0.0

  /// Adds one interval.
  mutating func add(low: Double, high: Double, truth: Double) {
    count += 1
    widths += high - low
    // Scores are sums, so a value that is off only by rounding counts as on the edge.
    if truth >= low - 1e-9, truth <= high + 1e-9 { covered += 1 }
  }

  /// The share of truths within the interval.
  var share: Double { Double(covered) / Double(max(count, 1)) }
  /// The mean width of the intervals.
  var width: Double { widths / Double(max(count, 1)) }
}
