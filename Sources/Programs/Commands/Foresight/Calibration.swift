/// The actual frequency for each tenth of stated probabilities.
struct Calibration: Hashable, Sendable {
  /// Forecasts with a probability in one tenth.
  struct Bin: Hashable, Sendable {
    var count = 0
    var stated = 0.0
    var cameTrue = 0

    /// The mean of the stated probabilities.
    var meanStated: Double { stated / Double(max(count, 1)) }
    /// The share that came true.
    var share: Double { Double(cameTrue) / Double(max(count, 1)) }
  }

  private(set) var bins = [Bin](repeating: Bin(), count: 10)

  /// Adds one probability.
  mutating func add(_ probability: Double, cameTrue: Bool) {
    let index = min(Int(probability * 10), 9)
    bins[index].count += 1
    bins[index].stated += probability
    if cameTrue { bins[index].cameTrue += 1 }
  }

  /// The mean distance between stated probability and actual frequency, over all forecasts.
  var error: Double {
    let count = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { $0 + Double($1.count) * abs($1.meanStated - $1.share) } / Double(max(count, 1))
  }
}
