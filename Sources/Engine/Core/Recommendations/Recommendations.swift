/// The next things to work on, derived from the weak components.
public enum Recommendations {
  /// The default number of recommendations.
  public static let defaultLimit = 5

  /// The recommendations for `components`: one per area, the greatest gain first.
  ///
  /// - Parameters:
  ///   - components: The current scores; a missing one counts as 0.
  ///   - limit: The maximum number of recommendations.
  ///   - priority: Restricts the result to this priority; nil allows all.
  ///   - weights: The share of each component.
  /// - Returns: At most `limit` recommendations; none if no component is weak.
  public static func `for`(
    _ components: ComponentValues<Score>, limit: Int = defaultLimit, priority: Priority? = nil, weights: Weights = .standard
  ) -> [Recommendation] {
    var found: [Recommendation] = []
    for weakness in components.weaknesses(weights) where priority == nil || weakness.priority == priority {
      for area in weakness.areas where found.count < limit {
        found.append(recommendation(area, for: weakness, isMissing: components[weakness.component] == nil))
      }
    }
    return found
  }

  private static func recommendation(_ area: Area, for weakness: Weakness, isMissing: Bool) -> Recommendation {
    Recommendation(
      component: weakness.component, action: weakness.action, area: area, priority: weakness.priority, score: weakness.score,
      expectedGain: weakness.expectedGain, estimatedMinutes: weakness.minutes,
      reason: weakness.reason(for: area, isMissing: isMissing))
  }
}
