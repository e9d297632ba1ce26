/// The quality of a piece of work, judged from one or more sides.
public struct QualityEvidence: Hashable, Sendable {
  /// The quality of the code, 0…1.
  public var codeQualityScore: Double? { Held.number(code) }
  /// The correctness of the work, 0…1.
  public var correctnessScore: Double? { Held.number(correctness) }
  /// The efficiency of the work, 0…1.
  public var efficiencyScore: Double? { Held.number(efficiency) }
  /// The judgement of other students, 0…1.
  public var peerReviewScore: Double? { Held.number(peers) }

  // Four numbers without flags: a document holds much evidence in memory.
  private let code, correctness, efficiency, peers: Double

  /// Creates evidence from the judgements in an event or request, at least one of them.
  ///
  /// - Throws: `OutOfRange` for the first judgement outside 0…1, or if there is none (named `code_quality_score`).
  public init(
    codeQualityScore: Double? = nil, correctnessScore: Double? = nil, efficiencyScore: Double? = nil, peerReviewScore: Double? = nil
  ) throws(OutOfRange) {
    code = Held.held(codeQualityScore)
    correctness = Held.held(correctnessScore)
    efficiency = Held.held(efficiencyScore)
    peers = Held.held(peerReviewScore)
    try OutOfRange.unless(
      (codeQualityScore ?? correctnessScore ?? efficiencyScore ?? peerReviewScore) != nil, "code_quality_score", "",
      "at least one of code_quality_score, correctness_score, efficiency_score, peer_review_score")
    // One after the other: of a loop over all four the compiler makes now this code and now that.
    try Self.check("code_quality_score", codeQualityScore)
    try Self.check("correctness_score", correctnessScore)
    try Self.check("efficiency_score", efficiencyScore)
    try Self.check("peer_review_score", peerReviewScore)
  }

  private static func check(_ field: String, _ judgement: Double?) throws(OutOfRange) {
    guard let judgement else { return }
    try OutOfRange.unless((0...1).contains(judgement), field, judgement, "a number from 0 to 1")
  }

  /// The given judgements by the names of their fields.
  public var judgements: [(name: String, value: Double)] {
    [
      ("code_quality_score", codeQualityScore), ("correctness_score", correctnessScore), ("efficiency_score", efficiencyScore),
      ("peer_review_score", peerReviewScore),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  /// The mean of the given judgements.
  public var score: Score {
    var (sum, count) = (0.0, 0.0)
    for judgement in [code, correctness, efficiency, peers] where judgement >= 0 {
      sum += judgement
      count += 1
    }
    return Score(clamping: sum / count)
  }
}
