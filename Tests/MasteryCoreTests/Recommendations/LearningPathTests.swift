import MasteryCore
import Testing

@Suite("Learning paths")
struct LearningPathTests {
  private func path(_ components: ComponentValues<Score>, _ goal: LearningPath.Goal = .improveMastery) throws -> LearningPath {
    LearningPath(for: components, goal: goal, today: try day("2026-02-27"))
  }

  private func schedule(_ path: LearningPath) -> [String] {
    path.dailySchedule.map { day in
      day.day.iso8601 + day.items.map { " \($0.area.rawValue) \($0.minutes)" }.joined()
    }
  }

  @Test("A path to better mastery takes the areas of all weak components in order of gain")
  func improveMastery() throws {
    // Gains: completion 0.16, quiz 0.15, consistency 0.07.
    let path = try path(scores(0.6, 0.5, 0.9, 0.3))
    let expected: [Area] = [
      .practiceBasic, .conceptReview, .practiceQuizzes, .dailyGoals, .streakReminders, .studySchedule,
    ]
    #expect(path.path == expected)
    #expect(LearningPath.areas(for: try scores(0.6, 0.5, 0.9, 0.3), goal: .improveMastery) == expected)
  }

  @Test("A path to mastering a topic begins with the weakest component and all its areas")
  func masterTopic() throws {
    #expect(
      try path(scores(0.5, 1, 1, 0.45), .masterTopic).path == [
        .dailyGoals, .streakReminders, .studySchedule, .practiceBasic, .exerciseVariety,
      ])
    // Equally weak: the greater gain.
    #expect(try path(scores(0.6, 0.6, 1, 1), .masterTopic).path == [.practiceBasic, .exerciseVariety, .timedChallenges, .conceptReview])
  }

  @Test("A path to an assessment begins with quizzes if they are weak")
  func prepareAssessment() throws {
    #expect(try path(scores(0.6, 0.6, 1, 1), .prepareAssessment).path == [.conceptReview, .practiceBasic])
    #expect(try path(scores(0.6, 0.8, 1, 0.6), .prepareAssessment).path == [.practiceBasic, .dailyGoals])
  }

  @Test("A student without weak components gets challenges, whatever the goal", arguments: LearningPath.Goal.allCases)
  func challenges(goal: LearningPath.Goal) throws {
    let path = try path(scores(0.7, 0.8, 0.9, 1), goal)
    #expect(path.path == [.challengeExercises, .advancedTopics])
    #expect(schedule(path) == ["2026-02-27 challenge_exercises 45", "2026-02-28 advanced_topics 45"])
    #expect(path.goal == goal)
  }

  @Test("A day of a path holds at most an hour; the rest waits, and only what is longer than a day is divided")
  func schedulePacking() throws {
    // Completion 0: three times 70 minutes; quiz 0.35: three times 30; consistency 0.35: three times 15.
    let path = try path(scores(0, 0.35, 1, 0.35))
    #expect(
      schedule(path) == [
        "2026-02-27 practice_basic 60", "2026-02-28 practice_basic 10 exercise_variety 50",
        "2026-03-01 exercise_variety 20 timed_challenges 40", "2026-03-02 timed_challenges 30 concept_review 30",
        "2026-03-03 practice_quizzes 30 mock_tests 30", "2026-03-04 daily_goals 15 streak_reminders 15 study_schedule 15",
      ])
    #expect(path.estimatedCompletion.iso8601 == "2026-03-04")
    #expect(path.dailySchedule.map(\.minutes) == [60, 60, 60, 60, 60, 45])
  }

  @Test("A step that takes exactly a day waits for a whole day")
  func wholeDays() throws {
    // Completion 0.4: twice 45 minutes; quality 0: three times 60.
    let path = try path(scores(0.4, 1, 0, 1))
    #expect(path.dailySchedule.map { $0.items.map(\.minutes) } == [[45], [45], [60], [60], [60]])
  }

  @Test("The schedule of a path loses nothing and keeps its order")
  func scheduleIsComplete() throws {
    var random = SeededGenerator(seed: 3)
    for goal in LearningPath.Goal.allCases {
      for _ in 0..<200 {
        func value() -> Double { Double(Int.random(in: 0...100, using: &random)) / 100 }
        let components = try scores(value(), value(), value(), value())
        let path = try path(components, goal)
        var areas: [Area] = []
        for item in path.dailySchedule.flatMap(\.items) where areas.last != item.area { areas.append(item.area) }
        #expect(areas == path.path && Set(areas).count == areas.count)
        #expect(path.dailySchedule.allSatisfy { (1...60).contains($0.minutes) && $0.items.allSatisfy { $0.minutes > 0 } })
        #expect(path.estimatedCompletion.number == (try day("2026-02-27")).number + path.dailySchedule.count - 1)
        #expect(path.dailySchedule.enumerated().allSatisfy { $1.day.number == path.dailySchedule[0].day.number + $0 })
      }
    }
  }
}
