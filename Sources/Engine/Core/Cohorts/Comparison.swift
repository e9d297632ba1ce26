/// Where one score stands within a group that includes it.
public struct Comparison: Hashable, Sendable {
  /// The score that is compared, in thousandths.
  public let score: Int
  /// The mean of the group.
  public let average: Double
  /// The median of the group.
  public let median: Double
  /// (Number below + half of those equal) / total × 100.
  public let percentile: Double
  /// 1 + number above.
  public let ranking: Int
  /// Size of the group.
  public let total: Int

  /// Compares a score with others; `others` does not include the score itself.
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
