/// The way from a student's present state to one without weak components, laid out over the coming days.
public struct LearningPath: Hashable, Sendable {
  /// What the path is for.
  public enum Goal: String, CaseIterable, Hashable, Sendable {
    /// All weak components, the greatest gain first.
    case improveMastery = "improve_mastery"
    /// The weakest component first, with all its areas.
    case masterTopic = "master_topic"
    /// Quizzes first, if they are weak.
    case prepareAssessment = "prepare_assessment"
  }

  /// What the path is for.
  public let goal: Goal
  /// The areas in working order.
  public let path: [Area]
  /// The days from today on, each with at most an hour of work.
  public let dailySchedule: [ScheduledDay]
  /// The last day of the schedule.
  public let estimatedCompletion: Day

  /// Lays out a path for `components` that starts on `today`.
  public init(for components: ComponentValues<Score>, goal: Goal = .improveMastery, today: Day) {
    let steps = Self.steps(for: components, goal: goal)
    self.goal = goal
    path = steps.map(\.area)
    dailySchedule = ScheduledDay.schedule(steps, from: today)
    estimatedCompletion = dailySchedule.last?.day ?? today
  }

  /// The areas of the path, without a schedule.
  public static func areas(for components: ComponentValues<Score>, goal: Goal) -> [Area] {
    steps(for: components, goal: goal).map(\.area)
  }

  private static func steps(for components: ComponentValues<Score>, goal: Goal) -> [ScheduledDay.Item] {
    var weaknesses = components.weaknesses(.standard)
    let first: Component? =
      switch goal {
      case .improveMastery: nil
      // `min` takes the first of several equal elements, so the order of gain breaks ties.
      case .masterTopic: weaknesses.min { Rounding.billionths($0.score) < Rounding.billionths($1.score) }?.component
      case .prepareAssessment: .quiz
      }
    if let index = weaknesses.firstIndex(where: { $0.component == first }) {
      weaknesses.insert(weaknesses.remove(at: index), at: 0)
    }
    guard !weaknesses.isEmpty else { return challenges }
    return weaknesses.flatMap { weakness in
      let areas = goal == .masterTopic && weakness.component == first ? weakness.allAreas[...] : weakness.areas
      return areas.map { ScheduledDay.Item(area: $0, minutes: weakness.minutes) }
    }
  }

  /// The steps for students without a weak component; each takes as long as a basic practice.
  private static let challenges = [Area.challengeExercises, .advancedTopics].map {
    ScheduledDay.Item(area: $0, minutes: Int(Action.practice.baseMinutes))
  }
}
