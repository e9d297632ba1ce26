internal import MasteryCore

/// The kinds of events that the engine takes in, under all their names.
enum EventType: String, CaseIterable {
  case exerciseCompleted = "exercise.completed"
  case quizCompleted = "quiz.completed"
  case qualityAssessed = "quality.assessed"
  case consistencyRecorded = "consistency.recorded"
  case calculationRequested = "mastery.calculation.requested"

  /// The type of that name, its own or another; nil when no event is called so.
  init?(_ name: String) {
    switch name {
    case "exercise.completed", "completion", "exercise.completion.submitted": self = .exerciseCompleted
    case "quiz.completed", "quiz", "quiz.performance.submitted": self = .quizCompleted
    case "quality.assessed", "quality", "quality.assessment.completed": self = .qualityAssessed
    case "consistency.recorded", "consistency", "consistency.activity.recorded": self = .consistencyRecorded
    case "mastery.calculation.requested": self = .calculationRequested
    default: return nil
    }
  }

  /// The component that an event of this type is evidence of; nil where the event itself says.
  var component: Component? {
    switch self {
    case .exerciseCompleted: .completion
    case .quizCompleted: .quiz
    case .qualityAssessed: .quality
    case .consistencyRecorded: .consistency
    case .calculationRequested: nil
    }
  }
}
