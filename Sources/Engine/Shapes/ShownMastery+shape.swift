internal import JSON
internal import MasteryCore
internal import Schemas

extension ShownMastery {
  /// The members of an object with a student's mastery.
  static let members = ObjectShape<Self> {
    Member("mastery_score", .thousandths, "the mastery") { $0.score }
    Member("level", .word, "the level of the mastery") { $0.level }
    Member("components", ShownComponents.all, "the score of each component, 0 without evidence") { $0.components }
    Member("missing", ShownComponents.missing, "the components without evidence") { $0.components }
  }
}

/// The forms of scores by component, given in thousandths.
private enum ShownComponents {
  static let all = ObjectShape<ComponentValues<Int>>(ComponentShapes.all.schema.name, ComponentShapes.all.schema.meaning) {
    Member("completion", .thousandths, "how many of the exercises are done") { $0.completion ?? 0 }
    Member("quiz", .thousandths, "how well quizzes are answered") { $0.quiz ?? 0 }
    Member("quality", .thousandths, "how good the work handed in is") { $0.quality ?? 0 }
    Member("consistency", .thousandths, "how steadily the student works") { $0.consistency ?? 0 }
  }

  static let missing = Shape<ComponentValues<Int>>(ComponentShapes.missing.schema) { values, json in
    json.array { json in for component in Component.allCases where values[component] == nil { json.string(component.rawValue) } }
  }
}

extension CohortStandings {
  /// The number of students at each level.
  static let numbersByLevel = ObjectShape<Self>("Levels", "the number of students at each level") {
    Member("beginner", .count, "students under 0.40") { $0.levels[.beginner] ?? 0 }
    Member("developing", .count, "students from 0.40") { $0.levels[.developing] ?? 0 }
    Member("competent", .count, "students from 0.60") { $0.levels[.competent] ?? 0 }
    Member("proficient", .count, "students from 0.75") { $0.levels[.proficient] ?? 0 }
    Member("expert", .count, "students from 0.90") { $0.levels[.expert] ?? 0 }
  }
}
