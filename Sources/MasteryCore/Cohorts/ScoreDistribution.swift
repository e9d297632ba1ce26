/// How often each score was reached, of scores as they are shown: in thousandths.
///
/// There are only 1001 of them, so everything that sorting would tell is told by counting.
public struct ScoreDistribution: Hashable, Sendable {
  /// How often each score stands, by its thousandths.
  private var counts = [Int](repeating: 0, count: 1_001)
  /// How many scores there are.
  public private(set) var total = 0
  /// All scores together, in thousandths.
  private var sum = 0

  /// No score.
  public init() {}

  /// Adds a score in thousandths, held within 0…1000.
  public mutating func add(_ thousandths: Int) {
    let held = min(max(thousandths, 0), 1_000)
    counts[held] += 1
    total += 1
    sum += held
  }

  /// Adds all scores of another distribution.
  public mutating func add(_ other: Self) {
    for place in counts.indices { counts[place] += other.counts[place] }
    total += other.total
    sum += other.sum
  }

  /// The mean score; nil without scores.
  public var average: Double? { total > 0 ? Double(sum) / Double(total) / 1_000 : nil }

  /// The score under which a share of 0…1 of the scores lies, linearly between neighbours; nil without scores.
  public func quantile(_ share: Double) -> Double? {
    guard total > 0 else { return nil }
    let place = share * Double(total - 1)
    let below = Int(place)
    let (low, high) = (score(at: below), score(at: min(below + 1, total - 1)))
    return (Double(low) + (place - Double(below)) * Double(high - low)) / 1_000
  }

  /// Where a score of so many thousandths stands among these.
  public func standing(of thousandths: Int) -> (below: Int, equal: Int, above: Int) {
    let held = min(max(thousandths, 0), 1_000)
    let below = counts[..<held].reduce(0, +)
    return (below, counts[held], total - below - counts[held])
  }

  /// The score at a place of the sorted list.
  private func score(at place: Int) -> Int {
    var passed = 0
    for score in counts.indices {
      passed += counts[score]
      if passed > place { return score }
    }
    return counts.count - 1
  }
}
