/// The quality of a piece of work, judged from one or more sides.
public struct QualityEvidence: Hashable, Sendable {
  /// The quality of the code, 0…1.
  public let codeQualityScore: Double?
  /// The correctness of the work, 0…1.
  public let correctnessScore: Double?
  /// The efficiency of the work, 0…1.
  public let efficiencyScore: Double?
  /// The judgement of other students, 0…1.
  public let peerReviewScore: Double?

  /// Creates evidence from the judgements in an event or request, at least one of them.
  ///
  /// - Throws: `OutOfRange` for the first judgement outside 0…1, or if there is none (named `code_quality_score`).
  public init(
    codeQualityScore: Double? = nil, correctnessScore: Double? = nil, efficiencyScore: Double? = nil, peerReviewScore: Double? = nil
  ) throws(OutOfRange) {
    self.codeQualityScore = codeQualityScore
    self.correctnessScore = correctnessScore
    self.efficiencyScore = efficiencyScore
    self.peerReviewScore = peerReviewScore
    let named = [
      ("code_quality_score", codeQualityScore), ("correctness_score", correctnessScore), ("efficiency_score", efficiencyScore),
      ("peer_review_score", peerReviewScore),
    ]
    try OutOfRange.unless(
      named.contains { $0.1 != nil }, "code_quality_score", "",
      "at least one of code_quality_score, correctness_score, efficiency_score, peer_review_score")
    for (field, given) in named {
      guard let given else { continue }
      try OutOfRange.unless((0...1).contains(given), field, given, "a number from 0 to 1")
    }
  }

  /// The mean of the given judgements.
  public var score: Score {
    let given = [codeQualityScore, correctnessScore, efficiencyScore, peerReviewScore].compactMap(\.self)
    return Score(clamping: given.reduce(0, +) / Double(given.count))
  }
}
