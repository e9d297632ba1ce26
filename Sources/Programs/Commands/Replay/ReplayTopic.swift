internal import JSON

/// The topics that a replay publishes to.
enum ReplayTopic: Int, CaseIterable, Sendable {
  case completion, quiz, quality, consistency, requests

  /// The topic of an event, by its type under any of its names.
  init(eventType: JSONText?) {
    switch eventType {
    case .some("exercise.completed"), .some("completion"), .some("exercise.completion.submitted"): self = .completion
    case .some("quiz.completed"), .some("quiz"), .some("quiz.performance.submitted"): self = .quiz
    case .some("quality.assessed"), .some("quality"), .some("quality.assessment.completed"): self = .quality
    case .some("consistency.recorded"), .some("consistency"), .some("consistency.activity.recorded"): self = .consistency
    default: self = .requests
    }
  }

  /// The topic's name.
  var name: String {
    switch self {
    case .completion: "learning.completion"
    case .quiz: "learning.quiz"
    case .quality: "learning.quality"
    case .consistency: "learning.consistency"
    case .requests: "mastery.requests"
    }
  }
}
