internal import JSON
internal import MasteryCore

/// A student's mastery, as answered by `/mastery/query`.
struct StudentStanding: Hashable, Sendable {
  /// One recommended step.
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
  /// The recommendations, the most rewarding first.
  let advice: [Advice]
}

extension StudentStanding {
  /// Reads the answer's data; nil if it is not of the expected form.
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
