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
  ///   - targets: For each component the course and topic in which most is to be gained.
  /// - Returns: At most `limit` recommendations; none if no component is weak.
  public static func `for`(
    _ components: ComponentValues<Score>, limit: Int = defaultLimit, priority: Priority? = nil, weights: Weights = .standard,
    targets: ComponentValues<CourseTopic> = ComponentValues()
  ) -> [Recommendation] {
    var found: [Recommendation] = []
    found.reserveCapacity(min(limit, defaultLimit))
    for weakness in components.weaknesses(weights) where priority == nil || weakness.priority == priority {
      for place in weakness.areas.indices where found.count < limit {
        let target = targets[weakness.component] ?? .none
        found.append(recommendation(place, for: weakness, isMissing: components[weakness.component] == nil, target))
      }
    }
    return found
  }

  private static func recommendation(
    _ place: Int, for weakness: Weakness, isMissing: Bool, _ target: CourseTopic
  ) -> Recommendation {
    let reason = weakness.reason(area: place, isMissing: isMissing)
    return Recommendation(
      component: weakness.component, target: target, action: weakness.action, area: weakness.allAreas[place], priority: weakness.priority,
      score: weakness.score, expectedGain: weakness.expectedGain, estimatedMinutes: weakness.minutes,
      reason: target.words.map { "\(reason.dropLast()), most of all in \($0)." } ?? reason)
  }
}

extension CourseTopic {
  /// The topic, the course or both in words; nil if there is neither.
  fileprivate var words: String? {
    switch (topic, course) {
    case (let topic?, let course?): "\(topic.text) of the course \(course.text)"
    case (let topic?, nil): topic.text
    case (nil, let course?): "the course \(course.text)"
    case (nil, nil): nil
    }
  }
}
