internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// The members of an object that says how a student stands.
  mutating func members(of mastery: ShownMastery) {
    key("mastery_score")
    number(Double(mastery.score) / 1_000)
    key("level")
    string(mastery.level.rawValue)
    key("components")
    beginObject()
    for (component, score) in mastery.components {
      key(component.key)
      number(Double(score) / 1_000)
    }
    endObject()
  }

  /// How many students are at each level.
  mutating func levels(_ standings: CohortStandings) {
    beginObject()
    for level in Level.allCases {
      key(named: level.rawValue)
      integer(standings.levels[level] ?? 0)
    }
    endObject()
  }
}
