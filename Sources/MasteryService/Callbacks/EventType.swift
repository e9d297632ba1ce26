internal import JSON
internal import MasteryCore

/// The kinds of events that the engine takes in, under all their names.
enum EventType: String, CaseIterable {
  case exerciseCompleted = "exercise.completed"
  case quizCompleted = "quiz.completed"
  case qualityAssessed = "quality.assessed"
  case consistencyRecorded = "consistency.recorded"
  case calculationRequested = "mastery.calculation.requested"

  /// A name that events are sent under, and what they are then.
  struct Named {
    let name: String
    let type: EventType
  }

  private static let names =
    [
      ("exercise.completed", exerciseCompleted), ("completion", exerciseCompleted), ("exercise.completion.submitted", exerciseCompleted),
      ("quiz.completed", quizCompleted), ("quiz", quizCompleted), ("quiz.performance.submitted", quizCompleted),
      ("quality.assessed", qualityAssessed), ("quality", qualityAssessed), ("quality.assessment.completed", qualityAssessed),
      ("consistency.recorded", consistencyRecorded), ("consistency", consistencyRecorded),
      ("consistency.activity.recorded", consistencyRecorded), ("mastery.calculation.requested", calculationRequested),
    ].map { Named(name: $0.0, type: $0.1) }

  /// The type of that name, its own or another; nil when no event is called so.
  static func named(_ name: JSONText) -> Named? {
    names.first { name.matches($0.name) }
  }

  /// The type of that name, its own or another; nil when no event is called so.
  static func named(_ name: String) -> Named? {
    names.first { name == $0.name }
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
