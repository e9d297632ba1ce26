/// The rules of the Contract article, "Recommendations", for the areas to work on, as tables.
public enum NaiveRecommendations {
  private static let areas = [
    "completion": ["practice_basic", "exercise_variety", "timed_challenges"],
    "quiz": ["concept_review", "practice_quizzes", "mock_tests"],
    "quality": ["code_reviews", "refactoring_practice", "best_practices"],
    "consistency": ["daily_goals", "streak_reminders", "study_schedule"],
  ]

  /// The areas to work on, largest gain first.
  public static func areas(for components: [String: Double], limit: Int = 12) -> [String] {
    let gains = NaiveScore.weights.enumerated().map { index, entry in
      (index: index, component: entry.component, gain: NaiveScore.nine(entry.weight * (1 - (components[entry.component] ?? 0))))
    }
    let ordered = gains.sorted { $0.gain != $1.gain ? $0.gain > $1.gain : $0.index < $1.index }
    let all = ordered.flatMap { entry in
      let score = NaiveScore.nine(components[entry.component] ?? 0)
      let count = [700_000_000, 550_000_000, 400_000_000].filter { score < $0 }.count
      return (areas[entry.component] ?? []).prefix(count)
    }
    return Array(all.prefix(limit))
  }
}
