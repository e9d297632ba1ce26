internal import JSON
internal import MasteryCore

/// How a student stands, as `/mastery/query` says.
struct StudentStanding: Hashable, Sendable {
  /// One thing to do.
  struct Advice: Hashable, Sendable {
    let component: String
    let area: String
    let minutes: Int
    let gain: Double
    let reason: String
  }

  let mastery: Double
  let level: String
  /// The scores of the components that have evidence.
  let components: [String: Double]
  /// The most rewarding first.
  let advice: [Advice]
}

extension StudentStanding {
  /// Reads the answer's data; nil when it is no such answer.
  init?(_ data: JSONValue) {
    guard let current = data["current_mastery"], let score = current["mastery_score"]?.number, let level = current["level"]?.string else {
      return nil
    }
    mastery = score
    self.level = level
    var scores: [String: Double] = [:]
    let missing = current["missing"]?.elements.compactMap(\.string) ?? []
    for component in Component.allCases where !missing.contains(component.rawValue) {
      scores[component.rawValue] = current["components"]?[named: component.rawValue]?.number
    }
    components = scores
    advice = current["recommendations"]?.elements.compactMap(Advice.init) ?? []
  }
}

extension StudentStanding.Advice {
  fileprivate init?(_ value: JSONValue) {
    guard let component = value["component"]?.string, let area = value["area"]?.string, let minutes = value["estimated_time"]?.integer,
      let gain = value["expected_gain"]?.number, let reason = value["reason"]?.string
    else { return nil }
    self.init(component: component, area: area, minutes: Int(minutes), gain: gain, reason: reason)
  }
}
