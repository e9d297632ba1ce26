/// A histogram of shown scores, in thousandths.
///
/// There are only 1001 possible scores, so counting replaces sorting.
public struct ScoreDistribution: Hashable, Sendable {
  /// Count of each score, indexed by thousandths.
  private var counts = [Int](repeating: 0, count: 1_001)
  /// Number of scores.
  public private(set) var total = 0
  /// Sum of all scores, in thousandths.
  private var sum = 0

  /// Creates an empty distribution.
  public init() {}

  /// Adds a score in thousandths, clamped to 0…1000.
  public mutating func add(_ thousandths: Int) {
    let held = min(max(thousandths, 0), 1_000)
    counts[held] += 1
    total += 1
    sum += held
  }

  /// Adds all scores of another distribution.
  public mutating func add(_ other: Self) {
    for index in counts.indices { counts[index] += other.counts[index] }
    total += other.total
    sum += other.sum
  }

  /// The mean score; nil without scores.
  public var average: Double? { total > 0 ? Double(sum) / Double(total) / 1_000 : nil }

  /// The score below which the given share (0…1) of the scores lies, interpolated linearly between neighbours; nil without scores.
  public func quantile(_ share: Double) -> Double? {
    guard total > 0 else { return nil }
    let rank = share * Double(total - 1)
    let below = Int(rank)
    let (low, high) = (score(at: below), score(at: min(below + 1, total - 1)))
    return (Double(low) + (rank - Double(below)) * Double(high - low)) / 1_000
  }

  /// How many scores are below, equal to and above a score in thousandths.
  public func standing(of thousandths: Int) -> (below: Int, equal: Int, above: Int) {
    let held = min(max(thousandths, 0), 1_000)
    let below = counts[..<held].reduce(0, +)
    return (below, counts[held], total - below - counts[held])
  }

  /// The score at an index of the sorted list.
  private func score(at index: Int) -> Int {
    var passed = 0
    for score in counts.indices {
      passed += counts[score]
      if passed > index { return score }
    }
    return counts.count - 1
  }
}
