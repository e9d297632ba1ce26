internal import MasteryCore
internal import Schemas

extension Recommendation {
  /// A recommendation with its reason.
  static let shape = ObjectShape<Self>("Recommendation", "one thing to work on next, and why") {
    Member("component", .word, "the weak component") { $0.component }
    Member.all(of: CourseTopic.members) { $0.target }
    Member("action", .word, "what to do about it") { $0.action }
    Member("area", .word, "what to work on") { $0.area }
    Member("priority", .word, "high from a gain of 0.12, medium from 0.05") { $0.priority }
    Member("score", .score, "the component's score, 0 without evidence") { $0.score }
    Member("expected_gain", .score, "how much mastery would rise if the component reached 0.70") { $0.expectedGain }
    Member("estimated_time", .integer(0...1_440), "minutes of work, a multiple of 5") { $0.estimatedMinutes }
    Member("reason", .text(), "why, in a sentence") { $0.reason }
  }

  /// A recommendation by name only: its reason is available through the API, and would make up most of an event.
  static let named = ObjectShape<Self>("NamedRecommendation", "one thing to work on next") {
    Member("component", .word, "the weak component") { $0.component }
    Member("area", .word, "what to work on") { $0.area }
    Member("priority", .word, "high from a gain of 0.12, medium from 0.05") { $0.priority }
  }
}
