internal import JSON
internal import MasteryCore

/// The event types that the engine accepts, under all their names.
enum EventType: String, CaseIterable {
  case exerciseCompleted = "exercise.completed"
  case quizCompleted = "quiz.completed"
  case qualityAssessed = "quality.assessed"
  case consistencyRecorded = "consistency.recorded"
  case calculationRequested = "mastery.calculation.requested"

  /// A name used for events, and the type that it means.
  struct Named {
    let name: String
    let type: EventType
  }

  private static let named =
    [
      ("exercise.completed", exerciseCompleted), ("completion", exerciseCompleted), ("exercise.completion.submitted", exerciseCompleted),
      ("quiz.completed", quizCompleted), ("quiz", quizCompleted), ("quiz.performance.submitted", quizCompleted),
      ("quality.assessed", qualityAssessed), ("quality", qualityAssessed), ("quality.assessment.completed", qualityAssessed),
      ("consistency.recorded", consistencyRecorded), ("consistency", consistencyRecorded),
      ("consistency.activity.recorded", consistencyRecorded), ("mastery.calculation.requested", calculationRequested),
    ].map { Named(name: $0.0, type: $0.1) }

  /// The type with that name, its own or an alias; nil if there is none.
  static func named(_ name: JSONText) -> Named? {
    named.first { name.matches($0.name) }
  }

  /// The type with that name, its own or an alias; nil if there is none.
  static func named(_ name: String) -> Named? {
    named.first { name == $0.name }
  }

  /// All names of all types.
  static let names = named.map(\.name)

  /// The names of one type.
  static func names(of type: Self) -> [String] { named.filter { $0.type == type }.map(\.name) }

  /// What happened, in a phrase.
  var meaning: String {
    switch self {
    case .exerciseCompleted: "a student completed exercises"
    case .quizCompleted: "a student took a quiz"
    case .qualityAssessed: "a student's work was judged"
    case .consistencyRecorded: "how steadily a student works was recorded"
    case .calculationRequested: "somebody asks for a student's mastery, or gives evidence of several components"
    }
  }

  /// All types with their aliases, in words.
  static let known = allCases.map { type in
    let others = named.filter { $0.type == type && $0.name != type.rawValue }.map(\.name)
    return others.isEmpty ? type.rawValue : "\(type.rawValue) (\(others.joined(separator: ", ")))"
  }.joined(separator: ", ")

  /// The topic that this type goes over where that is one of `EVENT_TOPICS`.
  var usualTopic: String { component.map { "learning.\($0.rawValue)" } ?? "mastery.requests" }

  /// The topic that this type goes over: the usual one if it is among those, else the first of them; nil without any.
  func topic(among topics: [String]) -> String? { topics.contains(usualTopic) ? usualTopic : topics.first }

  /// The component of this type's evidence; nil if the event itself names it.
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
