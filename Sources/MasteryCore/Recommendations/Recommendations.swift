/// What to work on next, from the components that are weak.
public enum Recommendations {
  /// How many there are where nobody says how many.
  public static let defaultLimit = 5

  /// The recommendations for `components`: one an area, the greatest gain first.
  ///
  /// - Parameters:
  ///   - components: The scores in force; a missing one counts 0.
  ///   - limit: At most so many.
  ///   - priority: Only those of this priority, all where it is nil.
  ///   - weights: The share of each component.
  /// - Returns: At most `limit` recommendations; none where no component is weak.
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
