import MasteryCore
import NaiveMastery
import Testing

@Suite("Recommendations")
struct RecommendationsTests {
  private func areas(_ components: ComponentValues<Score>) -> [String] { Recommendations.for(components, limit: 10).map(\.area.rawValue) }

  @Test(
    "A component gets no recommended area from 0.70 on, one below it, two below 0.55 and three below 0.40",
    arguments: [
      (0.7, 0), (0.7 - 1e-10, 0), (0.699, 1), (0.55, 1), (0.55 - 1e-10, 1), (0.549, 2), (0.40, 2), (0.4 - 1e-10, 2), (0.399, 3), (0, 3),
    ] as [(Double, Int)])
  func numberOfAreas(quiz: Double, expected: Int) throws {
    let all = ["concept_review", "practice_quizzes", "mock_tests"]
    #expect(areas(try scores(1, quiz, 1, 1)) == Array(all.prefix(expected)))
  }

  @Test("The recommendation with the greatest gain comes first, and the order of components decides between equal gains")
  func order() throws {
    // Gains: completion 0.4 × 0.4 = 0.16, quiz 0.3 × 0.7 = 0.21, quality 0.2 × 0.8 = 0.16, consistency 0.1 × 0.5 = 0.05.
    #expect(
      areas(try scores(0.6, 0.3, 0.2, 0.5)) == [
        "concept_review", "practice_quizzes", "mock_tests", "practice_basic", "code_reviews", "refactoring_practice", "best_practices",
        "daily_goals", "streak_reminders",
      ])
  }

  @Test("The priority of a recommendation is high from a gain of 0.12, medium from 0.05, and low below")
  func priorities() throws {
    func priority(_ components: ComponentValues<Score>) -> [Priority] { Recommendations.for(components, limit: 1).map(\.priority) }
    #expect(try priority(scores(0.699, 1, 1, 1)) == [.high])
    #expect(try priority(scores(1, 0.6, 1, 1)) == [.high])  // 0.3 × 0.4 = 0.12
    #expect(try priority(scores(1, 0.601, 1, 1)) == [.medium])
    #expect(try priority(scores(1, 1, 1, 0.5)) == [.medium])  // 0.1 × 0.5 = 0.05
    #expect(try priority(scores(1, 1, 1, 0.501)) == [.low])
  }

  @Test("A limit and a priority narrow the recommendations")
  func narrowing() throws {
    let components = try scores(0.3, 0.5, 1, 0.6)
    #expect(Recommendations.for(components).map(\.component) == [.completion, .completion, .completion, .quiz, .quiz])
    #expect(Recommendations.for(components, limit: 2).map(\.area) == [.practiceBasic, .exerciseVariety])
    #expect(Recommendations.for(components, priority: .low).map(\.area) == [.dailyGoals])
    #expect(Recommendations.for(components, priority: .medium).isEmpty)
    #expect(Recommendations.for(ComponentValues()).count == 5)
    #expect(Recommendations.for(ComponentValues(), limit: 0).isEmpty)
  }

  @Test(
    "A recommendation's minutes are the action's, multiplied by one half plus the deficit, rounded up to the next 5",
    arguments: [
      // 45 × 1.5 = 67.5, 45 × 1 = 45, 45 × (0.5 + 0.001 / 0.7) = 22.56
      (Component.completion, 0.0, 70), (.completion, 0.35, 45), (.completion, 0.699, 25),
      // 30 × 1.5 = 45, 30 × 1 = 30, and a trifle more
      (.quiz, 0, 45), (.quiz, 0.35, 30), (.quiz, 0.349, 35),
      // 40 × 1.5 = 60, 40 × (0.5 + 0.175 / 0.7) = 30
      (.quality, 0, 60), (.quality, 0.525, 30),
      // 15 × 1.5 = 22.5, 15 × 1 = 15
      (.consistency, 0, 25), (.consistency, 0.35, 15),
    ] as [(Component, Double, Int)])
  func minutes(component: Component, value: Double, expected: Int) throws {
    var components = try scores(1, 1, 1, 1)
    components[component] = try score(value)
    let recommendation = try #require(Recommendations.for(components).first)
    #expect(recommendation.component == component)
    #expect(recommendation.estimatedMinutes == expected)
  }

  @Test("A recommendation says what to do, what it brings and why")
  func content() throws {
    let found = Recommendations.for(try scores(0.699_6, 1, nil, 1))
    let quality = try #require(found.first)
    #expect(quality.action == .refactor && quality.area == .codeReviews && quality.score == 0)
    #expect(abs(quality.expectedGain - 0.14) < 1e-12)
    #expect(quality.reason == "The quality of the work has no evidence yet and counts as 0 %; the next step is code reviews.")
    let completion = try #require(found.last)
    #expect(completion.action == .practice && abs(completion.expectedGain - 0.000_16) < 1e-12)
    #expect(completion.reason == "Exercise completion stands at 69.9 %, below the 70 % aimed at; the next step is basic practice.")
    let reasons = Recommendations.for(ComponentValues(), limit: 12).map(\.reason)
    #expect(Set(reasons).count == 12)
    #expect(Recommendations.for(ComponentValues(), limit: 12).map(\.action).filter { $0 == .schedule }.count == 3)
  }

  @Test(
    "A recommendation's reason rounds its percentages, but never up to the 70 % that are not reached",
    arguments: [
      (0.667, "67"), (0.664, "66"), (0.665, "67"), (0.005, "1"), (0.004, "0"), (0.5, "50"), (0.694_9, "69"), (0.695, "69.5"),
      (0.697, "69.7"), (0.699_999, "69.9"),
    ])
  func percents(value: Double, percent: String) throws {
    let reason = try #require(Recommendations.for(try scores(1, value, 1, 1)).first).reason
    #expect(reason.hasPrefix("Quiz performance stands at \(percent) %, "))
  }

  @Test("Custom weights change the gain and the order of recommendations")
  func weights() throws {
    let weights = try Weights(completion: 0.1, quiz: 0.1, quality: 0.1, consistency: 0.7)
    let found = Recommendations.for(try scores(0.6, 0.6, 0.6, 0.6), weights: weights)
    #expect(found.map(\.component) == [.consistency, .completion, .quiz, .quality])
    #expect(found.map(\.priority) == [.high, .low, .low, .low])
  }

  @Test("Random components get the recommended areas of the naive calculation, in the same order")
  func againstNaive() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<1_000 {
      func value() -> Double? { Int.random(in: 0...9, using: &random) == 0 ? nil : Double(Int.random(in: 0...20, using: &random)) / 20 }
      let components = try scores(value(), value(), value(), value())
      let limit = Int.random(in: 1...10, using: &random)
      let found = Recommendations.for(components, limit: limit)
      #expect(found.map(\.area.rawValue) == NaiveRecommendations.areas(for: components.plain, limit: limit))
    }
  }
}
