internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// Writes the members of an object with a student's mastery.
  mutating func members(of mastery: ShownMastery) {
    key("mastery_score")
    number(Double(mastery.score) / 1_000)
    key("level")
    string(mastery.level.rawValue)
    key("components")
    beginObject()
    for component in Component.allCases {
      key(component.key)
      number(Double(mastery.components[component] ?? 0) / 1_000)
    }
    endObject()
    missing(in: mastery.components)
  }

  /// Writes the time of the latest change in the standings; null if they are empty.
  mutating func asOf(_ standings: CohortStandings) {
    key("as_of")
    if let moment = standings.asOf { string(moment.iso8601) } else { null() }
  }

  /// Writes the number of students at each level.
  mutating func levels(_ standings: CohortStandings) {
    beginObject()
    for level in Level.allCases {
      key(named: level.rawValue)
      integer(standings.levels[level] ?? 0)
    }
    endObject()
  }
}
