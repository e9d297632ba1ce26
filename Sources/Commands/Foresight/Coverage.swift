/// How often truth lay within the interval.
struct Coverage: Hashable, Sendable {
  private(set) var count = 0
  private var covered = 0
  private var widths = 0.0

  /// Takes in one interval.
  mutating func add(low: Double, high: Double, truth: Double) {
    count += 1
    widths += high - low
    // Scores are sums; what is off by rounding alone lies on the edge.
    if truth >= low - 1e-9, truth <= high + 1e-9 { covered += 1 }
  }

  /// The share of truths within.
  var share: Double { Double(covered) / Double(max(count, 1)) }
  /// The mean width of the intervals.
  var width: Double { widths / Double(max(count, 1)) }
}
