internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// Writes the members of an object with a student's mastery.
  mutating func members(of mastery: ShownMastery) {
    member("mastery_score", Double(mastery.score) / 1_000)
    member("level", mastery.level.rawValue)
    object("components") { json in
      for component in Component.allCases { json.member(component.key, Double(mastery.components[component] ?? 0) / 1_000) }
    }
    missing(in: mastery.components)
  }

  /// Writes the time of the latest change in the standings; null if they are empty.
  mutating func asOf(_ standings: CohortStandings) {
    member("as_of", standings.asOf?.iso8601)
  }

  /// Writes the number of students at each level.
  mutating func levels(_ standings: CohortStandings) {
    object { json in
      for level in Level.allCases { json.member(named: level.rawValue, standings.levels[level] ?? 0) }
    }
  }
}
