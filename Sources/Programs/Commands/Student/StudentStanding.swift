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

  /// How the student stands in one course.
  struct Course: Hashable, Sendable {
    let id: String
    let cohort: String?
    let mastery: Double
    let level: String
  }

  let mastery: Double
  let level: String
  /// The scores of the components that have evidence.
  let components: [String: Double]
  /// The recommendations, the most rewarding first.
  let advice: [Advice]
  /// Where the scores come from, in one sentence for each component.
  var explanations: [String: String] = [:]
  /// The courses that have evidence.
  var courses: [Course] = []
  /// The topics that have evidence, the weakest first; a wider one only if it is weaker than those under it.
  var topics: [StudentTopic] = []

  /// The name of one of the topics, with its course if there are several.
  func name(of topic: StudentTopic) -> String {
    guard courses.count > 1, let course = topic.course else { return topic.topic }
    return "\(course): \(topic.topic)"
  }
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
    explanations =
      current["breakdown"]?.elements.reduce(into: [:]) { found, row in
        guard let component = row["component"]?.string else { return }
        found[component] = row["explanation"]?.string
      } ?? [:]
    courses = data["courses"]?.elements.compactMap(Course.init) ?? []
    topics = StudentTopic.weakestFirst(data["topics"]?.elements.compactMap(StudentTopic.init) ?? [])
  }
}

extension StudentStanding.Course {
  fileprivate init?(_ value: JSONValue) {
    guard let id = value["course_id"]?.string, let mastery = value["mastery_score"]?.number, let level = value["level"]?.string else {
      return nil
    }
    self.init(id: id, cohort: value["cohort_id"]?.string, mastery: mastery, level: level)
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
