internal import JSON
internal import MasteryCore
internal import Schemas

/// The forms of values by component.
enum ComponentShapes {
  /// The scores of all four components, a missing one as 0.
  static let all = ObjectShape<ComponentValues<Score>>("Components", "the score of each component, 0 without evidence") {
    Member("completion", .score, "how many of the exercises are done") { $0.completion?.value ?? 0 }
    Member("quiz", .score, "how well quizzes are answered") { $0.quiz?.value ?? 0 }
    Member("quality", .score, "how good the work handed in is") { $0.quality?.value ?? 0 }
    Member("consistency", .score, "how steadily the student works") { $0.consistency?.value ?? 0 }
  }

  /// The scores of the components that have one.
  static let given = ObjectShape<ComponentValues<Score>>("GivenComponents", "the score of each component that has evidence") {
    Member.optional("completion", .score, "how many of the exercises are done") { $0.completion }
    Member.optional("quiz", .score, "how well quizzes are answered") { $0.quiz }
    Member.optional("quality", .score, "how good the work handed in is") { $0.quality }
    Member.optional("consistency", .score, "how steadily the student works") { $0.consistency }
  }

  /// The names of the components without a value.
  static let missing = Shape<ComponentValues<Score>>(.list(Shape<Component>.word.schema, count: 0...Component.allCases.count)) {
    values, json in
    json.array { json in for component in Component.allCases where values[component] == nil { json.string(component.rawValue) } }
  }

  /// The members `components` and `missing`.
  static let members = ObjectShape<ComponentValues<Score>> {
    Member("components", all, "the score of each component, 0 without evidence") { $0 }
    Member("missing", missing, "the components without evidence") { $0 }
  }
}
