/// Where one score stands among others, itself counted in.
public struct Comparison: Hashable, Sendable {
  /// The score that is compared, in thousandths.
  public let score: Int
  /// The mean of all.
  public let average: Double
  /// The median of all.
  public let median: Double
  /// (Number below + half of those equal) / number × 100.
  public let percentile: Double
  /// 1 + number above.
  public let ranking: Int
  /// How many there are.
  public let total: Int

  /// Compares a score with others, which do not count it themselves.
  public init(of score: Int, among others: ScoreDistribution) {
    var all = others
    all.add(score)
    let standing = all.standing(of: score)
    self.score = score
    average = all.average ?? 0
    median = all.quantile(0.5) ?? 0
    percentile = (Double(standing.below) + Double(standing.equal) / 2) / Double(all.total) * 100
    ranking = 1 + standing.above
    total = all.total
  }
}
